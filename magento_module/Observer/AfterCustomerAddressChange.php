<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Observer;

use Magento\Framework\Event\Observer;
use Magento\Framework\Event\ObserverInterface;
use Sidecar\Stripe\Publication\CustomerChanges;

/**
 * On `customer_address_process_relation` and `customer_address_delete_after`, both in the transaction: the address, and
 * which of them are the customer's default, are written.
 */
final class AfterCustomerAddressChange implements ObserverInterface
{
    public function __construct(private readonly CustomerChanges $changes)
    {
    }

    public function execute(Observer $observer): void
    {
        $address = $observer->getData('object') ?? $observer->getData('data_object');
        $customerId = (int) ($address->getData('parent_id') ?: $address->getData('customer_id'));
        $this->changes->tell($customerId, $address);
    }
}
