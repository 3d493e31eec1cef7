<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Tests\Payment;

use Magento\Framework\Event\Observer;
use PHPUnit\Framework\TestCase;
use Sidecar\Stripe\Payment\Command\AskForRefund;
use Sidecar\Stripe\Payment\Observer\DescribeAskedRefund;
use Sidecar\Stripe\Tests\Fake\HistoryLine;
use Sidecar\Stripe\Tests\Fake\StripeCreditmemo;
use Sidecar\Stripe\Tests\Fake\StripeOrder;
use Sidecar\Stripe\Tests\Fake\StripePayment;

/**
 * What becomes of a credit memo whose money is asked for, in the order in which Magento's own payment calls.
 */
final class RefundingTest extends TestCase
{
    public function testDoesTheMemoStayOpenWithoutATransaction(): void
    {
        $payment = self::payment();

        (new AskForRefund())->execute(['payment' => $payment, 'amount' => '46.39']);

        self::assertSame(StripeCreditmemo::STATE_OPEN, $payment->creditmemo->getState());
        self::assertTrue($payment->getData('skip_transaction_creation'));
    }

    public function testIsWhatMagentoSaysOfItPutRight(): void
    {
        $payment = self::payment();
        (new AskForRefund())->execute(['payment' => $payment, 'amount' => '46.39']);
        $payment->creditmemo->setTransactionId('pi_1'); // The capture's, as Magento does it.
        $payment->order->history = [
            new HistoryLine(7, 'Registered notification about captured amount.'),
            new HistoryLine(null, 'We refunded $46.39 online.'),
        ];

        (new DescribeAskedRefund())->execute(self::event($payment));

        self::assertNull($payment->creditmemo->getData('transaction_id'));
        self::assertFalse($payment->getData('skip_transaction_creation'), 'the next transaction is written again');
        self::assertSame('Registered notification about captured amount.', $payment->order->history[0]->comment);
        self::assertSame(
            'A refund of $46.39 was asked for. It is done when Stripe has given the money back.',
            $payment->order->history[1]->comment
        );
    }

    public function testIsAnOfflineRefundLeftAsItIs(): void
    {
        $payment = self::payment();
        $payment->creditmemo->setTransactionId('kept');
        $payment->order->history = [new HistoryLine(null, 'We refunded $46.39 offline.')];

        (new DescribeAskedRefund())->execute(self::event($payment));

        self::assertSame(StripeCreditmemo::STATE_REFUNDED, $payment->creditmemo->getState());
        self::assertSame('kept', $payment->creditmemo->getData('transaction_id'));
        self::assertSame('We refunded $46.39 offline.', $payment->order->history[0]->comment);
    }

    public function testIsTheRefundOfAnotherMethodLeftAsItIs(): void
    {
        $payment = self::payment('checkmo');
        $payment->creditmemo->setState(StripeCreditmemo::STATE_OPEN)->setTransactionId('kept');

        (new DescribeAskedRefund())->execute(self::event($payment));

        self::assertSame('kept', $payment->creditmemo->getData('transaction_id'));
    }

    private static function payment(string $method = 'sidecar_stripe'): StripePayment
    {
        $payment = new StripePayment(['method' => $method]);
        $payment->order = new StripeOrder(['state' => StripeOrder::STATE_PROCESSING]);
        $payment->creditmemo = new StripeCreditmemo([
            'state' => StripeCreditmemo::STATE_REFUNDED,
            'grand_total' => '46.39',
        ]);
        return $payment;
    }

    private static function event(StripePayment $payment): Observer
    {
        return new Observer(['payment' => $payment, 'creditmemo' => $payment->creditmemo]);
    }
}
