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
            . " (%2\$s - MIN(CASE WHEN state = 'pending' THEN created_at END)) / 1000000 AS oldest"
            . " FROM %1\$s WHERE state IN ('pending', 'parked')",
            $table,
            Outbox::NOW
        ));
        $heldBack = $connection->fetchOne(sprintf(
            "SELECT COUNT(*) FROM %1\$s later WHERE later.state = 'pending' AND EXISTS (SELECT 1 FROM %1\$s parked"
            . " WHERE parked.entity_key = later.entity_key AND parked.state = 'parked' AND parked.id < later.id)",
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
