<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Snapshot;

/**
 * `magento.order.edited.v1`. Context: `changed_fields`, `edited_at`.
 */
final class OrderEdited implements Snapshot
{
    public function __construct(private readonly OrderState $order)
    {
    }

    public function of(int $id, array $context): array
    {
        return $this->order->of($id) + [
            'changed_fields' => $context['changed_fields'],
            'edited_at' => $context['edited_at'],
        ];
    }
}
