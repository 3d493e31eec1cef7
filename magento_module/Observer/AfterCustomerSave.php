<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Observer;

use Magento\Framework\Event\Observer;
use Magento\Framework\Event\ObserverInterface;
use Sidecar\Stripe\Publication\CustomerChanges;

/**
 * On `customer_process_relation`, in the transaction: the customer and the addresses that hang on the model are
 * written.
 */
final class AfterCustomerSave implements ObserverInterface
{
    public function __construct(private readonly CustomerChanges $changes)
    {
    }

    public function execute(Observer $observer): void
    {
        $customer = $observer->getData('object');
        $this->changes->tell((int) $customer->getId(), $customer);
    }
}
