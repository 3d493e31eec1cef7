<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Snapshot;

/**
 * `magento.customer.deleted.v1`. The row is gone; context: `store_id`, `website_id`, `deleted_at`.
 */
final class CustomerDeleted implements Snapshot
{
    public function __construct(private readonly Stores $stores)
    {
    }

    public function of(int $id, array $context): array
    {
        return [
            'store' => $this->stores->of($context['store_id'], $context['website_id']),
            'customer_id' => $id,
            'deleted_at' => $context['deleted_at'],
        ];
    }
}
