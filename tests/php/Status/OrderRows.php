<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Tests\Status;

use Sidecar\Stripe\Tests\TestDatabase;

/**
 * Writes the rows of an order that waits for its payment.
 */
final class OrderRows
{
    /**
     * @param array<string, string|int|null> $order columns of `sales_order`
     * @param array<string, string|null> $payment columns of `sales_order_payment`
     * @return int `sales_order.entity_id`
     */
    public static function place(array $order = [], array $payment = []): int
    {
        $adapter = TestDatabase::connect();
        $adapter->insert(
            TestDatabase::PREFIX . 'sales_order',
            $order + ['store_id' => 1, 'state' => 'pending_payment', 'status' => 'pending_payment']
        );
        $orderId = (int) $adapter->fetchOne('SELECT LAST_INSERT_ID()');
        $adapter->insert(
            TestDatabase::PREFIX . 'sales_order_payment',
            $payment + ['parent_id' => $orderId, 'method' => 'sidecar_stripe']
        );
        return $orderId;
    }
}
