<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Tests\WriteBack;

use PHPUnit\Framework\TestCase;
use Sidecar\Stripe\WriteBack\RefundLink;
use Sidecar\Stripe\WriteBack\RefundRules;
use Sidecar\Stripe\WriteBack\RefundStatus;

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
            'the one came through' => [['100 succeeded'], '100', true],
            'it waits' => [['100 pending'], '100', false],
            'the shopper has to act' => [['100 requires_action'], '100', false],
            'one of two waits' => [['60 succeeded', '40 pending'], '100', false],
            'both came through' => [['60 succeeded', '40 succeeded'], '100', true],
            'one of two failed' => [['60 succeeded', '40 failed'], '100', false],
            'the first of two failed' => [['40 failed', '60 succeeded'], '100', false],
            'what failed was made good' => [['60 succeeded', '40 failed', '40 succeeded'], '100', true],
            'failed, and again' => [['100 failed', '100 canceled', '100 succeeded'], '100', true],
            'Stripe had a part of it' => [['60 succeeded'], '100', true],
            'Stripe had a part of it, and failed first' => [['60 failed', '60.0000 succeeded'], '100', true],
            'two of one amount failed, one was made good' => [['50 failed', '50 failed', '50 succeeded'], '100', false],
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
