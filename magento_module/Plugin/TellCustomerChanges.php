<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Plugin;

use Magento\Customer\Model\ResourceModel\Customer;
use Magento\Framework\Model\AbstractModel;
use Sidecar\Stripe\Publication\CustomerChanges;

/**
 * Every save of a customer's model, by the repository, in the admin or in code, goes through its resource model.
 */
class TellCustomerChanges
{
    public function __construct(private readonly CustomerChanges $changes)
    {
    }

    public function aroundSave(Customer $subject, callable $proceed, AbstractModel $object): mixed
    {
        return $this->changes->during((int) $object->getId(), $object, static fn (): mixed => $proceed($object));
    }
}
