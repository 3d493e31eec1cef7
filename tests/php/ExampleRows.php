<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Tests;

use Magento\Framework\DB\Adapter\AdapterInterface;
use PDO;

/**
 * Writes what the contracts' examples tell (schemas/examples) into Magento's tables, so that a snapshot of them has to
 * be the example again.
 */
final class ExampleRows
{
    public function __construct(private readonly AdapterInterface $adapter)
    {
    }

    /**
     * The data of an example.
     *
     * @return array<string, mixed>
     */
    public static function read(string $type, string $name): array
    {
        $path = dirname(__DIR__, 2) . "/schemas/examples/$type/$name.json";
        return json_decode(file_get_contents($path), true, flags: JSON_THROW_ON_ERROR)['data'];
    }

    /**
     * @return array<string, array{string, array<string, mixed>}> by name
     */
    public static function all(string $type): array
    {
        $found = [];
        foreach (glob(dirname(__DIR__, 2) . "/schemas/examples/$type/*.json") as $path) {
            $name = basename($path, '.json');
            $found[$name] = [$name, self::read($type, $name)];
        }
        return $found;
    }

    /**
     * @param array<string, mixed> $order
     */
    public function order(array $order): void
    {
        $this->store($order['store']);
        $this->insert('sales_order', [
            'entity_id' => $order['order_id'],
            'state' => $order['state'],
            'status' => $order['status'],
            'coupon_code' => $order['coupon_code'],
            'shipping_description' => $order['shipping_description'],
            'is_virtual' => (int) $order['is_virtual'],
            'store_id' => $order['store']['store_id'],
            'customer_id' => $order['buyer']['customer_id'],
            'customer_email' => $order['buyer']['email'],
            'customer_firstname' => $order['buyer']['customer_id'] === null ? null : $order['buyer']['firstname'],
            'customer_lastname' => $order['buyer']['customer_id'] === null ? null : $order['buyer']['lastname'],
            'customer_group_id' => $order['buyer']['group_id'],
            'quote_id' => $order['quote_id'],
            'increment_id' => $order['increment_id'],
            'base_to_order_rate' => $order['base_to_order_rate'],
            'relation_parent_id' => $order['replaces_order_id'] ?? null,
            'created_at' => $this->column($order['placed_at']),
        ] + $this->totals($order['totals'], '') + $this->totals($order['base_totals'], 'base_'));
        foreach ($order['items'] as $item) {
            $this->insert('sales_order_item', ['order_id' => $order['order_id']] + $item + ['tax_percent' => null]);
        }
        foreach (['billing', 'shipping'] as $kind) {
            if ($order["{$kind}_address"] !== null) {
                $this->insert('sales_order_address', [
                    'parent_id' => $order['order_id'],
                    'address_type' => $kind,
                ] + $this->address($order["{$kind}_address"]));
            }
        }
        $this->insert('sales_order_payment', [
            'parent_id' => $order['order_id'],
            'method' => $order['payment']['method'],
            'additional_information' => json_encode(array_filter(array_diff_key($order['payment'], ['method' => 0]))),
        ]);
    }

    /**
     * @param array<string, mixed> $memo
     */
    public function creditmemo(array $memo): void
    {
        $this->store($memo['store']);
        $this->insert('sales_order', [
            'entity_id' => $memo['order_id'],
            'increment_id' => $memo['order_increment_id'],
            'order_currency_code' => $memo['totals']['currency'],
            'base_currency_code' => $memo['base_totals']['currency'],
        ]);
        $this->insert('sales_order_payment', ['parent_id' => $memo['order_id'], 'method' => $memo['payment_method']]);
        if ($memo['transaction_id'] !== null) {
            $this->insert('sales_invoice', [
                'entity_id' => $memo['invoice_id'],
                'order_id' => $memo['order_id'],
                'increment_id' => $memo['invoice_increment_id'],
                'transaction_id' => $memo['transaction_id'],
            ]);
        }
        $totals = $this->memoTotals($memo['totals'], '') + $this->memoTotals($memo['base_totals'], 'base_');
        $this->insert('sales_creditmemo', [
            'entity_id' => $memo['creditmemo_id'],
            'increment_id' => $memo['increment_id'],
            'store_id' => $memo['store']['store_id'],
            'order_id' => $memo['order_id'],
            'invoice_id' => $memo['invoice_id'],
            'transaction_id' => $memo['stripe_refund'],
            'created_at' => $this->column($memo['created_at']),
        ] + $totals);
        foreach ($memo['items'] as $item) {
            unset($item['back_to_stock']);
            $this->insert('sales_creditmemo_item', ['parent_id' => $memo['creditmemo_id']] + $item);
        }
        foreach (['reason' => 0, 'comment' => 1] as $field => $visible) {
            if ($memo[$field] !== null) {
                $this->insert('sales_creditmemo_comment', [
                    'parent_id' => $memo['creditmemo_id'],
                    'comment' => $memo[$field],
                    'is_visible_on_front' => $visible,
                ]);
            }
        }
    }

    /**
     * @param array<string, mixed> $shipment
     */
    public function shipment(array $shipment): void
    {
        $this->store($shipment['store']);
        $this->insert('sales_order', [
            'entity_id' => $shipment['order_id'],
            'increment_id' => $shipment['order_increment_id'],
        ]);
        if (isset($shipment['shipping_address'])) {
            $this->insert('sales_order_address', ['entity_id' => 900] + $this->address($shipment['shipping_address']));
        }
        $this->insert('sales_shipment', [
            'entity_id' => $shipment['shipment_id'],
            'increment_id' => $shipment['increment_id'],
            'store_id' => $shipment['store']['store_id'],
            'order_id' => $shipment['order_id'],
            'shipping_address_id' => isset($shipment['shipping_address']) ? 900 : null,
            'created_at' => $this->column($shipment['created_at']),
        ]);
        foreach ($shipment['items'] as $item) {
            $this->insert('sales_shipment_item', ['parent_id' => $shipment['shipment_id']] + $item);
        }
        foreach ($shipment['tracks'] ?? [] as $track) {
            $this->insert('sales_shipment_track', ['parent_id' => $shipment['shipment_id']] + $track);
        }
    }

    /**
     * @param array<string, mixed> $customer
     */
    public function customer(array $customer): void
    {
        $this->store($customer['store']);
        $names = ['email', 'prefix', 'firstname', 'middlename', 'lastname', 'suffix', 'group_id', 'taxvat'];
        $defaults = ['default_billing' => null, 'default_shipping' => null];
        foreach ($customer['addresses'] as $address) {
            foreach (array_keys($defaults) as $default) {
                $defaults[$default] = $address["is_$default"] ? $address['address_id'] : $defaults[$default];
            }
            $this->insert('customer_address_entity', [
                'entity_id' => $address['address_id'],
                'parent_id' => $customer['customer_id'],
            ] + array_filter($this->address($address['address']), static fn (mixed $value): bool => $value !== null));
        }
        $this->insert('customer_entity', [
            'entity_id' => $customer['customer_id'],
            'store_id' => $customer['store']['store_id'],
            'website_id' => $customer['store']['website_id'],
            'created_at' => $this->column($customer['created_at']),
        ] + $defaults + array_intersect_key($customer, array_flip($names)));
    }

    /**
     * @param array<string, mixed> $store
     */
    public function store(array $store): void
    {
        $this->adapter->insertOnDuplicate(TestDatabase::PREFIX . 'store_website', [
            'website_id' => $store['website_id'],
            'code' => $store['website_code'],
        ]);
        $this->adapter->insertOnDuplicate(TestDatabase::PREFIX . 'store', [
            'store_id' => $store['store_id'],
            'code' => $store['store_code'],
            'website_id' => $store['website_id'],
        ]);
    }

    /**
     * @param array<string, mixed> $values
     */
    private function insert(string $table, array $values): void
    {
        // The rows of the examples go in over a connection that speaks all of UTF-8, which Magento's own may not.
        $this->adapter->query('SET NAMES utf8mb4');
        $this->adapter->insert(TestDatabase::PREFIX . $table, $values);
        $this->adapter->query('SET NAMES utf8');
    }

    /**
     * @param array<string, mixed> $totals
     * @return array<string, mixed>
     */
    private function totals(array $totals, string $prefix): array
    {
        $names = [
            'currency' => ($prefix === '' ? 'order_' : 'base_') . 'currency_code',
            'store_credit' => "{$prefix}customer_balance_amount",
            'gift_cards' => "{$prefix}gift_cards_amount",
        ];
        $row = [];
        foreach ($totals as $name => $value) {
            $row[$names[$name] ?? $prefix . $name] = $value;
        }
        return $row;
    }

    /**
     * @param array<string, mixed> $totals
     * @return array<string, mixed>
     */
    private function memoTotals(array $totals, string $prefix): array
    {
        unset($totals['currency']);
        $row = [];
        foreach ($totals as $name => $value) {
            $row[$prefix . ($name === 'store_credit' ? 'customer_balance_amount' : $name)] = $value;
        }
        return $row;
    }

    /**
     * @param array<string, mixed> $address
     * @return array<string, mixed>
     */
    private function address(array $address): array
    {
        $regionId = null;
        if ($address['region_code'] !== null) {
            $table = TestDatabase::PREFIX . 'directory_country_region';
            $this->adapter->insert($table, ['country_id' => $address['country_id'], 'code' => $address['region_code']]);
            $regionId = $this->adapter->fetchOne("SELECT MAX(region_id) FROM $table");
        }
        unset($address['region_code']);
        return ['region_id' => $regionId, 'street' => implode("\n", $address['street'])] + $address;
    }

    private function column(string $time): string
    {
        return gmdate('Y-m-d H:i:s', strtotime($time));
    }
}
