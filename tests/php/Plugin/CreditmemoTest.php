<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Tests\Plugin;

use Magento\Framework\Exception\LocalizedException;
use Magento\Sales\Api\CreditmemoManagementInterface;
use PHPUnit\Framework\TestCase;
use Sidecar\Stripe\Plugin\KeepWaitingCreditmemo;
use Sidecar\Stripe\Plugin\RefundMemoOnce;
use Sidecar\Stripe\Tests\Fake\StripeCreditmemo;
use Sidecar\Stripe\Tests\Fake\StripeOrder;
use Sidecar\Stripe\Tests\Fake\StripePayment;

/**
 * What may be done to a credit memo that waits for its refund.
 */
final class CreditmemoTest extends TestCase
{
    /**
     * @dataProvider memos
     */
    public function testMayAMemoBeRefundedOrCancelledByItsPage(?int $id, ?int $state, string $method, bool $may): void
    {
        $memo = self::memo($id, $state, $method);
        $plugin = new KeepWaitingCreditmemo();

        self::assertSame($may, $plugin->afterCanRefund($memo, true));
        self::assertSame($may, $plugin->afterCanCancel($memo, true));
        self::assertFalse($plugin->afterCanRefund($memo, false), 'what Magento forbids stays forbidden');
        self::assertFalse($plugin->afterCanCancel($memo, false));
    }

    /**
     * @return iterable<string, array{int|null, int|null, string, bool}>
     */
    public static function memos(): iterable
    {
        yield 'in the making' => [null, null, 'sidecar_stripe', true];
        yield 'that waits' => [7, StripeCreditmemo::STATE_OPEN, 'sidecar_stripe', false];
        yield 'that is done' => [7, StripeCreditmemo::STATE_REFUNDED, 'sidecar_stripe', true];
        yield 'of another method' => [7, StripeCreditmemo::STATE_OPEN, 'checkmo', true];
    }

    public function testIsASavedMemoNotRegisteredAgain(): void
    {
        $this->expectException(LocalizedException::class);

        self::refund(self::memo(7, StripeCreditmemo::STATE_OPEN));
    }

    public function testMayANewMemoAndOneOfAnotherMethodBeRegistered(): void
    {
        self::refund(self::memo(null, null));
        self::refund(self::memo(7, StripeCreditmemo::STATE_OPEN, 'checkmo'));

        $this->addToAssertionCount(1);
    }

    private static function memo(?int $id, ?int $state, string $method = 'sidecar_stripe'): StripeCreditmemo
    {
        $memo = new StripeCreditmemo(['entity_id' => $id, 'state' => $state]);
        $memo->order = new StripeOrder();
        $memo->order->payment = new StripePayment(['method' => $method]);
        return $memo;
    }

    private static function refund(StripeCreditmemo $memo): void
    {
        (new RefundMemoOnce())->beforeRefund(new class implements CreditmemoManagementInterface {
        }, $memo);
    }
}
