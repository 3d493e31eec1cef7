<?php

declare(strict_types=1);

namespace Sidecar\Stripe\WriteBack\Effect;

use Magento\Sales\Api\OrderRepositoryInterface;
use Magento\Sales\Model\Order;
use Sidecar\Stripe\Api\Data\PaymentLinkInterface;
use Sidecar\Stripe\Status\ClientSecret;
use Sidecar\Stripe\WriteBack\Mail\PaymentLinkMail;

/**
 * Puts a way to pay where the storefront and headless fronts find it.
 */
final class ShowPaymentLink
{
    /** Where the payment's additional information has the way to pay. */
    public const INFORMATION = 'payment_link';

    /** The reason that undoes `payment_failed`: the attempt goes on once the shopper has confirmed it. */
    public const ACTION_REQUIRED = 'action_required';

    public function __construct(
        private readonly OrderRepositoryInterface $orders,
        private readonly PaymentLinkMail $mail,
        private readonly ClientSecret $clientSecret
    ) {
    }

    public function apply(Order $order, PaymentLinkInterface $link): void
    {
        $told = $link->isNotifyShopper() && $this->mail->isSent($order);
        if ($link->getReason() === self::ACTION_REQUIRED) {
            $order->setState(Order::STATE_PENDING_PAYMENT)->setStatus(
                $order->getConfig()->getStateDefaultStatus(Order::STATE_PENDING_PAYMENT)
            );
            $order->addCommentToStatusHistory(__('The shopper has to confirm the payment.'))
                ->setIsCustomerNotified($told);
        }
        $secret = $link->getClientSecret();
        $order->getPayment()->setAdditionalInformation(self::INFORMATION, array_filter([
            'payment_intent_id' => $link->getPaymentIntentId(),
            'checkout_session_id' => $link->getCheckoutSessionId(),
            'url' => $link->getUrl(),
            'client_secret' => $secret === null ? null : $this->clientSecret->seal($secret),
            'expires_at' => $link->getExpiresAt(),
            'reason' => $link->getReason(),
        ], static fn ($value): bool => $value !== null));
        $this->orders->save($order);
        if ($told) {
            $this->mail->afterCommit($order);
        }
    }
}
