<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Tests\Payment;

use Magento\Framework\Event\Observer;
use Magento\Framework\Exception\LocalizedException;
use PHPUnit\Framework\TestCase;
use Sidecar\Stripe\Payment\Command\RefuseCapture;
use Sidecar\Stripe\Payment\Observer\RefuseInvoiceWithoutPayment;
use Sidecar\Stripe\Payment\Observer\TakeMoneyFromElsewhere;
use Sidecar\Stripe\Tests\Fake\StripeInvoice;
use Sidecar\Stripe\Tests\Fake\StripeOrder;
use Sidecar\Stripe\Tests\Fake\StripePayment;

/**
 * Which invoices Magento may make of an order that is paid with Stripe.
 */
final class InvoicingTest extends TestCase
{
    public function testIsACaptureThatMagentoStartsRefused(): void
    {
        $this->expectException(LocalizedException::class);

        (new RefuseCapture())->execute([]);
    }

    /**
     * @dataProvider refused
     */
    public function testIsAnInvoiceWithoutAPaymentRefused(?string $captureCase, string $state): void
    {
        $this->expectException(LocalizedException::class);

        self::register(self::invoice($captureCase, state: $state));
    }

    /**
     * @return iterable<string, array{string|null, string}>
     */
    public static function refused(): iterable
    {
        yield '"Not Capture"' => ['not_capture', StripeOrder::STATE_PENDING_PAYMENT];
        yield 'capture: false of REST' => [null, StripeOrder::STATE_PENDING_PAYMENT];
        yield 'of an order whose money is reserved' => [null, StripeOrder::STATE_PROCESSING];
    }

    public function testIsTheInvoiceOfACaptureAtStripeLetThrough(): void
    {
        $invoice = self::invoice(null, transaction: 'pi_1');

        self::register($invoice);

        self::assertSame(StripeOrder::STATE_PENDING_PAYMENT, $invoice->order->getState(), 'the capture moves it on');
        self::assertSame([], $invoice->order->history);
    }

    public function testDoesAnOrderThatWasPaidByAnotherWayWaitNoMore(): void
    {
        $invoice = self::invoice('offline');

        self::register($invoice);

        self::assertSame(StripeOrder::STATE_PROCESSING, $invoice->order->getState());
        self::assertSame('default of processing', $invoice->order->history[0]->status);
    }

    public function testIsAnOrderThatDoesNotWaitLeftWhereItIs(): void
    {
        $invoice = self::invoice('offline', state: StripeOrder::STATE_PROCESSING);

        self::register($invoice);

        self::assertSame([], $invoice->order->history);
    }

    public function testIsTheInvoiceOfAnotherMethodNoneOfOurs(): void
    {
        foreach ([null, 'offline', 'not_capture'] as $captureCase) {
            $invoice = self::invoice($captureCase, method: 'checkmo');
            self::register($invoice);
            self::assertSame(StripeOrder::STATE_PENDING_PAYMENT, $invoice->order->getState());
        }
    }

    private static function invoice(
        ?string $captureCase,
        ?string $transaction = null,
        string $method = 'sidecar_stripe',
        string $state = StripeOrder::STATE_PENDING_PAYMENT
    ): StripeInvoice {
        $order = new StripeOrder(['state' => $state]);
        $order->payment = new StripePayment(['method' => $method, 'transaction_id' => $transaction]);
        return new StripeInvoice($order, $captureCase);
    }

    /**
     * As etc/events.xml has it.
     */
    private static function register(StripeInvoice $invoice): void
    {
        $event = new Observer(['invoice' => $invoice, 'order' => $invoice->order]);
        (new RefuseInvoiceWithoutPayment())->execute($event);
        (new TakeMoneyFromElsewhere())->execute($event);
    }
}
