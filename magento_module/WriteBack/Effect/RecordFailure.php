<?php

declare(strict_types=1);

namespace Sidecar\Stripe\WriteBack\Effect;

use Magento\Sales\Api\OrderRepositoryInterface;
use Magento\Sales\Model\Order;
use Sidecar\Stripe\Api\Data\FailureInterface;
use Sidecar\Stripe\WriteBack\Mail\PaymentFailedMail;

/**
 * An attempt to pay failed: the order keeps waiting, and says so by its status.
 */
final class RecordFailure
{
    /** The status of state `pending_payment` that the module brings: Setup\Patch\Data\AddPaymentFailedStatus. */
    public const STATUS = 'payment_failed';

    /** Where the payment's additional information has the last attempt that failed. */
    public const INFORMATION = 'last_failure';

    public function __construct(
        private readonly OrderRepositoryInterface $orders,
        private readonly PaymentFailedMail $mail
    ) {
    }

    public function apply(Order $order, FailureInterface $failure): void
    {
        $order->setState(Order::STATE_PENDING_PAYMENT)->setStatus(self::STATUS);
        $order->getPayment()->setAdditionalInformation(self::INFORMATION, array_filter([
            'payment_intent_id' => $failure->getPaymentIntentId(),
            'failure_id' => $failure->getFailureId(),
            'code' => $failure->getCode(),
            'decline_code' => $failure->getDeclineCode(),
            'message' => $failure->getMessage(),
            'retryable' => $failure->isRetryable(),
        ], static fn ($value): bool => $value !== null));
        $told = $failure->isNotifyShopper() && $this->mail->isSent($order);
        $order->addCommentToStatusHistory(__(
            'Payment failed: %1 (%2)',
            __($failure->getMessage()),
            $failure->getDeclineCode() ?? $failure->getCode()
        ))->setIsCustomerNotified($told);
        $this->orders->save($order);
        if ($told) {
            $this->mail->afterCommit($order, $failure->getMessage());
        }
    }
}
