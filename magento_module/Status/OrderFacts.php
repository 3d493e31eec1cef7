<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Status;

use Magento\Framework\App\ResourceConnection;
use Sidecar\Stripe\Config\PaymentConfig;

/**
 * Reads the facts of an order in one query: shoppers' browsers ask for them every few seconds, and Magento's order
 * takes a dozen to load.
 */
final class OrderFacts
{
    private const CONNECTION = 'sales';

    public function __construct(private readonly ResourceConnection $resource)
    {
    }

    /**
     * @return Facts|null null: there is no such order, or it is not paid with this module's method
     */
    public function of(int $orderId): ?Facts
    {
        $connection = $this->resource->getConnection(self::CONNECTION);
        $row = $connection->fetchRow(
            sprintf(
                'SELECT o.store_id, o.state, o.status, o.hold_before_state, p.additional_information,'
                . ' COALESCE(o.total_paid > 0 AND o.total_due <= 0, 0) AS is_paid,'
                . ' COALESCE(p.base_amount_authorized > 0, 0) AS is_authorized'
                . ' FROM %s o JOIN %s p ON p.parent_id = o.entity_id WHERE o.entity_id = ? AND p.method = ?',
                $connection->quoteIdentifier($this->resource->getTableName('sales_order', self::CONNECTION)),
                $connection->quoteIdentifier($this->resource->getTableName('sales_order_payment', self::CONNECTION))
            ),
            [$orderId, PaymentConfig::CODE]
        );
        if (!$row) {
            return null;
        }
        return new Facts(
            $orderId,
            (int) $row['store_id'],
            (string) $row['state'],
            $row['hold_before_state'] === null ? null : (string) $row['hold_before_state'],
            (string) $row['status'],
            (bool) (int) $row['is_paid'],
            (bool) (int) $row['is_authorized'],
            (array) json_decode((string) $row['additional_information'], true)
        );
    }
}
