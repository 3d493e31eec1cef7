<?php

declare(strict_types=1);

namespace Sidecar\Stripe\WriteBack;

use Magento\Framework\App\ResourceConnection;
use Magento\Framework\DB\Adapter\AdapterInterface;
use Magento\Framework\Exception\NoSuchEntityException;
use Magento\Framework\Phrase;

/**
 * Holds an order's row while something is written about the order, so that requests that come at once come one after
 * another. It is the lock that Magento's own Magento\Sales\Model\OrderMutex takes.
 */
final class OrderLock
{
    public function __construct(private readonly ResourceConnection $resource)
    {
    }

    /**
     * Do something in one transaction with the order's row locked: all of it happens, or nothing.
     *
     * Nothing of the order may have been read on this connection's transaction before, or it would be read again as it
     * was then (REPEATABLE READ); what Magento has loaded of it before is out of date as well.
     *
     * @template T
     * @param callable(Standing): T $do
     * @return T
     * @throws NoSuchEntityException there is no such order
     * @throws NotNow somebody else holds what is needed; nothing was written
     */
    public function holding(int $orderId, callable $do): mixed
    {
        $connection = $this->resource->getConnection('sales');
        $outer = $connection->getTransactionLevel();
        $connection->beginTransaction();
        try {
            $result = $do($this->standing($connection, $orderId));
            $connection->commit();
            return $result;
        } catch (\Throwable $problem) {
            // Code that was called may have left transactions of its own open.
            while ($connection->getTransactionLevel() > $outer) {
                $connection->rollBack();
            }
            throw NotNow::isIt($problem) ? NotNow::because($problem) : $problem;
        }
    }

    private function standing(AdapterInterface $connection, int $orderId): Standing
    {
        $row = $connection->fetchRow(
            sprintf(
                'SELECT %s FROM %s WHERE entity_id = ? FOR UPDATE',
                implode(', ', Standing::COLUMNS),
                $connection->quoteIdentifier($this->resource->getTableName('sales_order', 'sales'))
            ),
            [$orderId]
        );
        if (!$row) {
            throw self::missing();
        }
        return Standing::ofRow($row);
    }

    /**
     * Magento's own words for what does not exist.
     */
    public static function missing(): NoSuchEntityException
    {
        return new NoSuchEntityException(
            new Phrase("The entity that was requested doesn't exist. Verify the entity and try again.")
        );
    }
}
