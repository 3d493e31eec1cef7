<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Plugin;

use Magento\Customer\Model\ResourceModel\Address;
use Magento\Framework\Model\AbstractModel;
use Sidecar\Stripe\Publication\CustomerChanges;

/**
 * An address is a part of its customer, and so are the two that are their customer's default.
 */
class TellCustomerAddressChanges
{
    public function __construct(private readonly CustomerChanges $changes)
    {
    }

    public function aroundSave(Address $subject, callable $proceed, AbstractModel $object): mixed
    {
        return $this->during($object, static fn (): mixed => $proceed($object));
    }

    public function aroundDelete(Address $subject, callable $proceed, mixed $object): mixed
    {
        // Magento's signature also takes an id; nothing in it gives one.
        return $object instanceof AbstractModel
            ? $this->during($object, static fn (): mixed => $proceed($object))
            : $proceed($object);
    }

    private function during(AbstractModel $address, callable $do): mixed
    {
        $customerId = (int) ($address->getData('parent_id') ?: $address->getData('customer_id'));
        return $customerId === 0 ? $do() : $this->changes->during($customerId, $address, $do);
    }
}
