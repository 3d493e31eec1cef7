<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Payment\Observer;

use Magento\Framework\Event\Observer;
use Magento\Framework\Event\ObserverInterface;
use Magento\Framework\Exception\LocalizedException;
use Magento\Sales\Model\Order\Invoice;
use Sidecar\Stripe\Config\PaymentConfig;

/**
 * Refuses an invoice that no payment stands behind, on `sales_order_invoice_register`.
 *
 * For Magento, `capture: false` of its REST and "Not Capture" in the admin are ways to an invoice that says paid, or
 * that stands in the way of the one that the sidecar makes. A capture from Stripe comes with the id of its transaction.
 * A person who chooses "Capture Offline" says that the money came by another way; that is theirs to say.
 */
class RefuseInvoiceWithoutPayment implements ObserverInterface
{
    /**
     * @throws LocalizedException nothing was captured
     */
    public function execute(Observer $observer): void
    {
        $invoice = $observer->getData('invoice');
        if (!$invoice instanceof Invoice) {
            return;
        }
        $payment = $invoice->getOrder()->getPayment();
        if (
            $payment === null
            || $payment->getMethod() !== PaymentConfig::CODE
            || (string) $payment->getTransactionId() !== ''
            || $invoice->getRequestedCaptureCase() === Invoice::CAPTURE_OFFLINE
        ) {
            return;
        }
        throw new LocalizedException(__(
            'This order is invoiced when Stripe has the money. If it came by another way, choose "Capture Offline".'
        ));
    }
}
