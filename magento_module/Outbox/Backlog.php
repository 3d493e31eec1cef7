<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Outbox;

use Magento\Framework\App\ResourceConnection;

/**
 * Counts what waits in the outbox.
 */
final class Backlog
{
    public function __construct(private readonly ResourceConnection $resource)
    {
    }

    public function now(): BacklogReport
    {
        $connection = $this->resource->getConnection();
        $table = $connection->quoteIdentifier($this->resource->getTableName(Outbox::TABLE));
        $row = $connection->fetchRow(sprintf(
            "SELECT SUM(state = 'pending') AS pending, SUM(state = 'parked') AS parked, SUM(attempts > 0) AS refused,"
            . " (%2\$s - CAST(MIN(CASE WHEN state = 'pending' THEN created_at END) AS SIGNED)) / 1000000 AS oldest"
            . " FROM %1\$s WHERE state IN ('pending', 'parked')",
            $table,
            Outbox::NOW
        ));
        // From the few parked ones to what is behind them; the other way round it would be asked of every event.
        $heldBack = $connection->fetchOne(sprintf(
            "SELECT COUNT(DISTINCT later.id) FROM %1\$s parked JOIN %1\$s later ON later.entity_key = parked.entity_key"
            . " AND later.state = 'pending' AND later.id > parked.id WHERE parked.state = 'parked'",
            $table
        ));
        return new BacklogReport(
            (int) $row['pending'],
            (int) $row['parked'],
            (int) $heldBack,
            (int) $row['refused'],
            $row['oldest'] === null ? null : max(0.0, (float) $row['oldest'])
        );
    }
}
