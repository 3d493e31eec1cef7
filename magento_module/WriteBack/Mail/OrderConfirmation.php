<?php

declare(strict_types=1);

namespace Sidecar\Stripe\WriteBack\Mail;

use Magento\Sales\Model\Order;
use Magento\Sales\Model\Order\Email\Sender\InvoiceSender;
use Magento\Sales\Model\Order\Email\Sender\OrderSender;
use Magento\Sales\Model\Order\Invoice;

/**
 * Magento's own mails, at an order's first money: the confirmation of the order, unless it was sent before, and the
 * invoice. Whether they are sent at all, and whether at once or by cron, is the shop's setting (Sales Emails).
 */
final class OrderConfirmation
{
    public function __construct(
        private readonly AfterCommit $afterCommit,
        private readonly OrderSender $orderSender,
        private readonly InvoiceSender $invoiceSender
    ) {
    }

    public function afterCommit(Order $order, ?Invoice $invoice = null): void
    {
        if (!$order->getEmailSent()) {
            $this->afterCommit->send($order, fn (): bool => $this->orderSender->send($order));
        }
        if ($invoice !== null) {
            $this->afterCommit->send($order, fn (): bool => $this->invoiceSender->send($invoice));
        }
    }
}
