<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Payment\Observer;

use Magento\Framework\Event\Observer;
use Magento\Framework\Event\ObserverInterface;
use Magento\Sales\Model\Order;
use Magento\Sales\Model\Order\Invoice;
use Sidecar\Stripe\Config\PaymentConfig;

/**
 * "Capture Offline" of an order that waits for Stripe: it is paid and waits no more, on `sales_order_invoice_register`.
 *
 * Magento moves a `new` order on when it is invoiced, and leaves one in `pending_payment` where it is, since its own
 * methods only come there on the way to a gateway.
 */
class TakeMoneyFromElsewhere implements ObserverInterface
{
    public function execute(Observer $observer): void
    {
        $invoice = $observer->getData('invoice');
        if (!$invoice instanceof Invoice || $invoice->getRequestedCaptureCase() !== Invoice::CAPTURE_OFFLINE) {
            return;
        }
        $order = $invoice->getOrder();
        if (
            $order->getPayment()?->getMethod() !== PaymentConfig::CODE
            || $order->getState() !== Order::STATE_PENDING_PAYMENT
        ) {
            return;
        }
        $order->setState(Order::STATE_PROCESSING);
        $order->addCommentToStatusHistory(
            (string) __('Invoiced by hand: the money came by another way than Stripe.'),
            $order->getConfig()->getStateDefaultStatus(Order::STATE_PROCESSING)
        );
    }
}
