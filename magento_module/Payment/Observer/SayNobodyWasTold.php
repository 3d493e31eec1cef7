<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Payment\Observer;

use Magento\Framework\Event\Observer;
use Magento\Framework\Event\ObserverInterface;
use Magento\Sales\Model\Order\Payment;
use Sidecar\Stripe\Config\PaymentConfig;

/**
 * Has the first line of an order's history say that the shopper was not notified, on `sales_order_payment_place_end`:
 * the confirmation waits for the money, and Magento takes a method's `is_notified: false` for no answer.
 */
class SayNobodyWasTold implements ObserverInterface
{
    public function execute(Observer $observer): void
    {
        $payment = $observer->getData('payment');
        if (!$payment instanceof Payment || $payment->getMethod() !== PaymentConfig::CODE) {
            return;
        }
        foreach ($payment->getOrder()->getStatusHistories() ?? [] as $line) {
            if (!$line->getEntityId()) {
                $line->setIsCustomerNotified(0);
            }
        }
    }
}
