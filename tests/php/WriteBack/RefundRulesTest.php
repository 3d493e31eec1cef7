<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Tests\WriteBack;

use PHPUnit\Framework\TestCase;
use Sidecar\Stripe\WriteBack\Outcome;
use Sidecar\Stripe\WriteBack\RefundLink;
use Sidecar\Stripe\WriteBack\RefundRules;
use Sidecar\Stripe\WriteBack\RefundStatus;
use Sidecar\Stripe\WriteBack\Standing;

final class RefundRulesTest extends TestCase
{
    /**
     * @return array<string, array{list<string>, string, bool}> refunds as `amount status`, the memo's total, whether
     *     all of it went back
     */
    public static function memos(): array
    {
        return [
            'none' => [[], '100', false],
            'the one came through' => [['100 succeeded'], '100.0000', true],
            'it waits' => [['100 pending'], '100', false],
            'the shopper has to act' => [['100 requires_action'], '100', false],
            'one of two waits' => [['60 succeeded', '40 pending'], '100', false],
            'both came through' => [['60 succeeded', '40 succeeded'], '100', true],
            'one of two failed' => [['60 succeeded', '40 failed'], '100', false],
            'another took the place of the one that failed' => [
                ['60 succeeded', '40 failed', '40 succeeded'],
                '100',
                true,
            ],
            'failed, and again' => [['100 failed', '100 canceled', '100 succeeded'], '100', true],
            'a cent is missing' => [['99.99 succeeded'], '100', false],
        ];
    }

    /**
     * @dataProvider memos
     * @param list<string> $refunds
     */
    public function testAMemoIsRefundedWhenAllOfItsMoneyWentBack(array $refunds, string $total, bool $complete): void
    {
        $links = array_map(static function (string $refund): RefundLink {
            [$amount, $status] = explode(' ', $refund);
            return new RefundLink('re_' . $refund, 42, 7, $amount, RefundStatus::from($status));
        }, $refunds);
        self::assertSame($complete, (new RefundRules())->isComplete($links, $total));
    }

    /**
     * @return array<string, array{string, bool, bool, Outcome}> state, whether something was invoiced, whether the
     *     refund has a memo, what becomes of it
     */
    public static function orders(): array
    {
        return [
            'paid' => ['processing', true, false, Outcome::Applied],
            'complete' => ['complete', true, false, Outcome::Applied],
            'closed' => ['closed', true, false, Outcome::Applied],
            'held' => ['holded', true, false, Outcome::Applied],
            'not invoiced' => ['processing', false, false, Outcome::NotRefundable],
            'waiting' => ['pending_payment', false, false, Outcome::NotRefundable],
            'cancelled' => ['canceled', false, false, Outcome::OrderCanceled],
            'known, and cancelled since' => ['canceled', false, true, Outcome::AlreadyApplied],
            'known' => ['closed', true, true, Outcome::AlreadyApplied],
        ];
    }

    /**
     * @dataProvider orders
     */
    public function testARefundIsTakenWhereSomethingWasInvoiced(
        string $state,
        bool $invoiced,
        bool $linked,
        Outcome $outcome
    ): void {
        $order = new Standing(42, $state, $state, null, '0.0000', '87.4800', $invoiced, '87.4800', 'USD');
        self::assertSame($outcome, (new RefundRules())->decide($order, $linked));
    }

    public function testWhatComesLateChangesNothing(): void
    {
        $follows = [];
        foreach (RefundStatus::cases() as $known) {
            foreach (RefundStatus::cases() as $next) {
                if ($next->follows($known)) {
                    $follows[$known->value][] = $next->value;
                }
            }
        }
        $failures = ['failed', 'canceled', 'refused'];
        self::assertSame([
            'pending' => ['requires_action', 'succeeded', ...$failures],
            'requires_action' => ['pending', 'succeeded', ...$failures],
            'succeeded' => $failures,
        ], $follows);
    }
}
