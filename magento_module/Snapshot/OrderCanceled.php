<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Snapshot;

/**
 * `magento.order.canceled.v1`. Context: `canceled_at`, `reason`.
 */
final class OrderCanceled implements Snapshot
{
    public function __construct(
        private readonly Rows $rows,
        private readonly Stores $stores
    ) {
    }

    public function of(int $id, array $context): array
    {
        $order = $this->rows->get('sales_order', $id);
        return [
            'store' => $this->stores->of($order['store_id'] === null ? null : (int) $order['store_id']),
            'order_id' => $id,
            'increment_id' => Texts::of($order['increment_id']),
            'canceled_at' => $context['canceled_at'],
            'reason' => $context['reason'],
        ];
    }
}
