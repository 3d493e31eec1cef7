<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Relay;

use Magento\Framework\App\ResourceConnection;
use Sidecar\Stripe\Outbox\Outbox;

/**
 * Finds the events that may be taken in hand, and reads those that were. It locks nothing.
 */
final class DueEvents
{
    /** Of an event that nobody has in hand, or whose relay must have died. */
    public const UNCLAIMED = '(claimed_until IS NULL OR claimed_until < ' . Outbox::NOW . ')';

    public function __construct(private readonly ResourceConnection $resource)
    {
    }

    /**
     * Of each entity the oldest event that is not published, if it is due. Once it is the oldest, it stays so.
     *
     * @return list<int>
     */
    public function find(int $limit): array
    {
        return array_map('intval', $this->resource->getConnection()->fetchCol(sprintf(
            "SELECT due.id FROM %1\$s due WHERE due.state = 'pending' AND due.available_at <= %2\$s AND %3\$s"
            . ' AND NOT EXISTS (SELECT 1 FROM %1$s earlier WHERE earlier.entity_key = due.entity_key'
            . " AND earlier.state IN ('pending', 'parked') AND earlier.id < due.id)"
            . ' ORDER BY due.id LIMIT %4$d',
            $this->table(),
            Outbox::NOW,
            self::UNCLAIMED,
            $limit
        )));
    }

    /**
     * @param list<int> $ids
     * @return list<Claimed>
     */
    public function read(array $ids): array
    {
        if ($ids === []) {
            return [];
        }
        return array_map(
            static fn (array $row): Claimed => new Claimed(
                (int) $row['id'],
                $row['event_id'],
                $row['type'],
                $row['body'],
                (int) $row['attempts']
            ),
            $this->resource->getConnection()->fetchAll(sprintf(
                'SELECT id, event_id, type, body, attempts FROM %s WHERE id IN (%s) ORDER BY id',
                $this->table(),
                implode(', ', $ids)
            ))
        );
    }

    public function table(): string
    {
        $connection = $this->resource->getConnection();
        return $connection->quoteIdentifier($this->resource->getTableName(Outbox::TABLE));
    }
}
