<?php

declare(strict_types=1);

namespace Sidecar\Stripe\WriteBack\Mail;

use Magento\Sales\Model\Order;
use Sidecar\Stripe\Config\EmailConfig;
use Sidecar\Stripe\Status\PaymentPage;

/**
 * Tells the shopper that an attempt to pay failed, why, and where to pay again: the shop's own page, which leads to
 * whatever way there is when it is opened. One mail for each attempt.
 */
final class PaymentFailedMail
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

    /**
     * @param string $reason why it failed, in words that the shop's dictionaries may translate
     */
    public function afterCommit(Order $order, string $reason): void
    {
        $this->afterCommit->send($order, fn () => $this->mail->send(
            $order,
            $this->config->paymentFailedTemplate((int) $order->getStoreId()),
            fn (): array => [
                'reason' => (string) __($reason),
                'pay_url' => $this->page->address((int) $order->getId(), (int) $order->getStoreId()),
            ]
        ));
    }
}
