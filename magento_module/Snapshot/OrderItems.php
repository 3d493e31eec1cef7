<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Snapshot;

/**
 * An order's lines: `sales_order_item`.
 */
final class OrderItems
{
    public function __construct(private readonly Rows $rows)
    {
    }

    /**
     * All of them, those of composite products included.
     *
     * @return list<array<string, mixed>>
     */
    public function of(int $orderId): array
    {
        return array_map(static fn (array $item): array => [
            'item_id' => (int) $item['item_id'],
            'parent_item_id' => $item['parent_item_id'] === null ? null : (int) $item['parent_item_id'],
            'sku' => Texts::of($item['sku']),
            'name' => Texts::of($item['name']),
            'product_type' => Texts::orNull($item['product_type']) ?? 'simple',
            'qty_ordered' => Decimals::exact($item['qty_ordered']),
            'price' => Decimals::exact($item['price']),
            'row_total' => Decimals::exact($item['row_total']),
            'tax_amount' => Decimals::exact($item['tax_amount']),
            'tax_percent' => Decimals::exactOrNull($item['tax_percent']),
            'discount_amount' => Decimals::exact($item['discount_amount']),
            'base_price' => Decimals::exact($item['base_price']),
            'base_row_total' => Decimals::exact($item['base_row_total']),
            'base_tax_amount' => Decimals::exact($item['base_tax_amount']),
            'base_discount_amount' => Decimals::exact($item['base_discount_amount']),
        ], $this->rows->all('sales_order_item', 'order_id', $orderId, 'item_id'));
    }
}
