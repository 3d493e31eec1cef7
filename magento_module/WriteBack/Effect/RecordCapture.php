<?php

declare(strict_types=1);

namespace Sidecar\Stripe\WriteBack\Effect;

use Magento\Framework\Exception\LocalizedException;
use Magento\Sales\Api\OrderRepositoryInterface;
use Magento\Sales\Model\Order;
use Sidecar\Stripe\Api\Data\PaymentInterface;
use Sidecar\Stripe\WriteBack\Mail\OrderConfirmation;

/**
 * Money is taken: one invoice of the whole order, a capture among its transactions, state `processing`.
 */
final class RecordCapture
{
    public function __construct(
        private readonly OrderRepositoryInterface $orders,
        private readonly PaymentDetails $details,
        private readonly WhileReleased $whileReleased,
        private readonly OrderConfirmation $confirmation
    ) {
    }

    /**
     * @param PaymentInterface $body its amount is what is due
     * @param bool $authorized whether its money was reserved before: the capture is then a child of the authorisation
     * @return array{transaction_id: string, invoice_id: int}
     * @throws LocalizedException Magento does not take it
     */
    public function apply(Order $order, PaymentInterface $body, bool $authorized): array
    {
        $payment = $order->getPayment();
        $this->details->write($payment, $body);
        $this->whileReleased->run($order, static function (Order $order) use ($payment, $body, $authorized): void {
            if ($order->getState() === Order::STATE_PAYMENT_REVIEW) {
                // Magento would leave it in review, which is over: the money is there.
                $order->setState(Order::STATE_PENDING_PAYMENT);
            }
            if ($authorized) {
                // Magento makes "{intent}-capture" of it.
                $payment->setParentTransactionId($body->getPaymentIntentId());
            } else {
                $payment->setTransactionId($body->getPaymentIntentId());
            }
            $payment->setIsTransactionClosed(true);
            // Magento counts in base currency here, and takes any other sum for a fraud.
            $payment->registerCaptureNotification($order->getBaseTotalDue());
        });
        $invoice = $payment->getCreatedInvoice();
        if ($invoice === null) {
            throw new LocalizedException(__('Magento made no invoice of the payment.'));
        }
        $this->orders->save($order);
        $this->confirmation->afterCommit($order, $invoice);
        return ['transaction_id' => (string) $payment->getLastTransId(), 'invoice_id' => (int) $invoice->getId()];
    }
}
