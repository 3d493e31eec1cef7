<?php

declare(strict_types=1);

namespace Sidecar\Stripe\WriteBack\Mail;

use Magento\Sales\Model\Order;
use Sidecar\Stripe\Config\EmailConfig;
use Sidecar\Stripe\Status\PaymentPage;

/**
 * Tells the shopper that the payment waits for them, and where to go. One mail for each way to pay.
 */
final class PaymentLinkMail
{
    public function __construct(
        private readonly EmailConfig $config,
        private readonly ShopperMail $mail,
        private readonly AfterCommit $afterCommit,
        private readonly PaymentPage $page
    ) {
    }

    public function isSent(Order $order): bool
    {
        return $this->mail->isSent($order);
    }

    public function afterCommit(Order $order): void
    {
        $this->afterCommit->send($order, fn () => $this->mail->send(
            $order,
            $this->config->paymentLinkTemplate((int) $order->getStoreId()),
            fn (): array => [
                'pay_url' => $this->page->address((int) $order->getId(), (int) $order->getStoreId()),
            ]
        ));
    }
}
