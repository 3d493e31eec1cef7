<?php

declare(strict_types=1);

namespace Sidecar\Stripe\WriteBack\Effect;

use Magento\Framework\Exception\LocalizedException;
use Magento\Sales\Api\OrderRepositoryInterface;
use Magento\Sales\Model\Order;
use Sidecar\Stripe\Api\Data\PaymentInterface;
use Sidecar\Stripe\WriteBack\Mail\OrderConfirmation;

/**
 * Money is reserved: an authorisation among the order's transactions, state `processing`, no invoice.
 */
final class RecordAuthorization
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
     * @return array{transaction_id: string}
     * @throws LocalizedException Magento does not take it
     */
    public function apply(Order $order, PaymentInterface $body): array
    {
        $payment = $order->getPayment();
        $this->details->write($payment, $body);
        $this->whileReleased->run($order, static function (Order $order) use ($payment, $body): void {
            $payment->setTransactionId($body->getPaymentIntentId());
            $payment->setIsTransactionClosed(false);
            $payment->setAmountAuthorized((float) $body->getAmount());
            // Magento counts in base currency here, and takes any other sum for a fraud.
            $payment->registerAuthorizationNotification($order->getBaseTotalDue());
        });
        $this->orders->save($order);
        $this->confirmation->afterCommit($order);
        return ['transaction_id' => $body->getPaymentIntentId()];
    }
}
