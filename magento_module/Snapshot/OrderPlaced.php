<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Snapshot;

/**
 * `magento.order.placed.v1`.
 */
final class OrderPlaced implements Snapshot
{
    public function __construct(private readonly OrderState $order)
    {
    }

    public function of(int $id, array $context): array
    {
        return $this->order->of($id);
    }
}
