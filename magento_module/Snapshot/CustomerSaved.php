<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Snapshot;

/**
 * `magento.customer.saved.v1`. Context: `is_new`, `changed_fields`.
 */
final class CustomerSaved implements Snapshot
{
    public function __construct(private readonly CustomerState $customers)
    {
    }

    public function of(int $id, array $context): array
    {
        $customer = $this->customers->find($id) ?? throw new CannotTell('there is no such customer');
        return $customer + ['is_new' => $context['is_new'], 'changed_fields' => $context['changed_fields']];
    }
}
