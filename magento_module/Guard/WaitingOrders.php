<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Guard;

use Magento\Framework\App\ResourceConnection;
use Sidecar\Stripe\Config\OrdersConfig;
use Sidecar\Stripe\Config\PaymentConfig;

/**
 * Which orders are paid with this module's method, and whether their payment may still land.
 */
class WaitingOrders
{
    public function __construct(
        private readonly ResourceConnection $resource,
        private readonly OrdersConfig $config
    ) {
    }

    public function isOurs(int $orderId): bool
    {
        return $this->row($orderId) !== null;
    }

    /**
     * Whether an order of ours is to be left alone: it changed less long ago than its store has to wait.
     *
     * It is not asked of the sidecar. What lets the order go is the sidecar's own cancellation, of the payment first.
     */
    public function waits(int $orderId): bool
    {
        $row = $this->row($orderId);
        if ($row === null) {
            return false;
        }
        $longest = $this->config->longestWaitMinutes((int) $row['store_id']);
        return $longest === 0 || (int) $row['minutes'] < $longest;
    }

    /**
     * @return array<string, string|null>|null null: there is no such order, or it is paid otherwise
     */
    private function row(int $orderId): ?array
    {
        $connection = $this->resource->getConnection('sales');
        $row = $connection->fetchRow(
            sprintf(
                'SELECT o.store_id, TIMESTAMPDIFF(MINUTE, o.updated_at, NOW()) AS minutes FROM %s o'
                . ' JOIN %s p ON p.parent_id = o.entity_id WHERE o.entity_id = ? AND p.method = ?',
                $connection->quoteIdentifier($this->resource->getTableName('sales_order', 'sales')),
                $connection->quoteIdentifier($this->resource->getTableName('sales_order_payment', 'sales'))
            ),
            [$orderId, PaymentConfig::CODE]
        );
        return $row ?: null;
    }
}
