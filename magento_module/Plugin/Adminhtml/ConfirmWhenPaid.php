<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Plugin\Adminhtml;

use Magento\Sales\Model\AdminOrder\EmailSender;
use Magento\Sales\Model\Order;
use Sidecar\Stripe\Config\PaymentConfig;

/**
 * Keeps the confirmation of an order that was made in the admin back until it is paid, as that of any other: Magento
 * sends it there without asking the order. The customer first gets the mail with the way to pay.
 */
class ConfirmWhenPaid
{
    /**
     * @return bool
     */
    public function aroundSend(EmailSender $subject, callable $proceed, Order $order)
    {
        $waits = $order->getPayment()?->getMethod() === PaymentConfig::CODE && !$order->getCanSendNewEmailFlag();
        return $waits ? true : $proceed($order);
    }
}
