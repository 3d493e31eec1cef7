<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Snapshot;

/**
 * An order with all that the contracts say of it: `sales_order`, its lines, its addresses and its payment.
 */
final class OrderState
{
    public function __construct(
        private readonly Rows $rows,
        private readonly Stores $stores,
        private readonly Addresses $addresses,
        private readonly OrderTotals $totals,
        private readonly OrderItems $items,
        private readonly OrderPayment $payment
    ) {
    }

    /**
     * @return array<string, mixed>
     * @throws CannotTell something of it is missing
     */
    public function of(int $orderId): array
    {
        $order = $this->rows->get('sales_order', $orderId);
        $addresses = array_column(
            $this->rows->all('sales_order_address', 'parent_id', $orderId, 'entity_id'),
            null,
            'address_type'
        );
        $billing = $addresses['billing'] ?? throw new CannotTell('the order has no billing address');
        $storeId = $order['store_id'] === null ? null : (int) $order['store_id'];
        return [
            'store' => $this->stores->of($storeId),
            'order_id' => $orderId,
            'increment_id' => Texts::of($order['increment_id']),
            'quote_id' => $order['quote_id'] === null ? null : (int) $order['quote_id'],
            'placed_at' => Times::ofColumn($order['created_at']),
            'state' => Texts::of($order['state']),
            'status' => Texts::of($order['status']),
            'is_virtual' => (bool) $order['is_virtual'],
            'base_to_order_rate' => Decimals::exactOrNull($order['base_to_order_rate']) ?? '1.0000',
            'totals' => $this->totals->inOrderCurrency($order),
            'base_totals' => $this->totals->inBaseCurrency($order),
            'items' => $this->items->of($orderId),
            'billing_address' => $this->addresses->of($billing),
            'shipping_address' => isset($addresses['shipping']) ? $this->addresses->of($addresses['shipping']) : null,
            'shipping_description' => Texts::orNull($order['shipping_description']),
            'coupon_code' => Texts::orNull($order['coupon_code']),
            'buyer' => $this->buyer($order, $billing, $storeId),
            'payment' => $this->payment->of($orderId),
            'replaces_order_id' => Texts::orNull($order['relation_parent_id']) === null
                ? null
                : (int) $order['relation_parent_id'],
        ];
    }

    /**
     * Magento keeps no name of a guest with the order, only with the addresses.
     *
     * @param array<string, string|int|null> $order
     * @param array<string, string|int|null> $billing
     * @return array<string, mixed>
     */
    private function buyer(array $order, array $billing, ?int $storeId): array
    {
        return [
            'customer_id' => $order['customer_id'] === null ? null : (int) $order['customer_id'],
            'email' => Texts::orNull($order['customer_email']) ?? Texts::of($billing['email']),
            'firstname' => Texts::orNull($order['customer_firstname']) ?? Texts::of($billing['firstname']),
            'lastname' => Texts::orNull($order['customer_lastname']) ?? Texts::of($billing['lastname']),
            'group_id' => (int) $order['customer_group_id'],
            'locale' => $this->stores->locale($storeId),
        ];
    }
}
