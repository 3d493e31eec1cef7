<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Snapshot;

/**
 * `magento.shipment.created.v1`. Context: `source_code`, which Magento writes to its own table after the commit.
 */
final class ShipmentCreated implements Snapshot
{
    public function __construct(
        private readonly Rows $rows,
        private readonly Stores $stores,
        private readonly Addresses $addresses
    ) {
    }

    public function of(int $id, array $context): array
    {
        $shipment = $this->rows->get('sales_shipment', $id);
        $order = $this->rows->get('sales_order', (int) $shipment['order_id']);
        $address = $shipment['shipping_address_id'] === null
            ? null
            : $this->rows->find('sales_order_address', 'entity_id', (int) $shipment['shipping_address_id']);
        return [
            'store' => $this->stores->of($shipment['store_id'] === null ? null : (int) $shipment['store_id']),
            'shipment_id' => $id,
            'increment_id' => Texts::of($shipment['increment_id']),
            'order_id' => (int) $shipment['order_id'],
            'order_increment_id' => Texts::of($order['increment_id']),
            'source_code' => $context['source_code'],
            'items' => array_map(static fn (array $item): array => [
                'order_item_id' => (int) $item['order_item_id'],
                'sku' => Texts::of($item['sku']),
                'name' => Texts::orNull($item['name']),
                'qty' => Decimals::exact($item['qty']),
            ], $this->rows->all('sales_shipment_item', 'parent_id', $id, 'entity_id')),
            'tracks' => array_map(static fn (array $track): array => [
                'carrier_code' => Texts::of($track['carrier_code']),
                'title' => Texts::orNull($track['title']),
                'track_number' => Texts::of($track['track_number']),
            ], $this->rows->all('sales_shipment_track', 'parent_id', $id, 'entity_id')),
            'shipping_address' => $address === null ? null : $this->addresses->of($address),
            'created_at' => Times::ofColumn($shipment['created_at']),
        ];
    }
}
