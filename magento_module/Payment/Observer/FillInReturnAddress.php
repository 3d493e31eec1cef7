<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Payment\Observer;

use Magento\Framework\Event\Observer;
use Magento\Framework\Event\ObserverInterface;
use Magento\Sales\Model\Order\Payment;
use Sidecar\Stripe\Config\PaymentConfig;
use Sidecar\Stripe\Payment\AdditionalData;
use Sidecar\Stripe\Status\PaymentPage;

/**
 * Has shoppers come back from Stripe to the shop's page about their payment, where no front wants them elsewhere. On
 * `sales_order_payment_save_before`: only then has the order the id that the page's address is made of, and the event
 * that tells the sidecar is not written yet.
 *
 * An order that was made from another one in the admin may bring the address of that one's page; it gets its own.
 */
class FillInReturnAddress implements ObserverInterface
{
    public function __construct(private readonly PaymentPage $page)
    {
    }

    public function execute(Observer $observer): void
    {
        $payment = $observer->getData('payment');
        if (
            !$payment instanceof Payment
            || $payment->getEntityId()
            || $payment->getMethod() !== PaymentConfig::CODE
            || !$payment->getParentId()
        ) {
            return;
        }
        $wanted = (string) $payment->getAdditionalInformation(AdditionalData::RETURN_URL);
        if ($wanted === '' || $this->page->isAddress($wanted)) {
            $payment->setAdditionalInformation(
                AdditionalData::RETURN_URL,
                $this->page->address((int) $payment->getParentId(), (int) $payment->getOrder()->getStoreId())
            );
        }
    }
}
