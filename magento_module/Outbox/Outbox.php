<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Outbox;

use Magento\Framework\App\ResourceConnection;

/**
 * Where events wait for the relay. They are written in the transaction of what they tell, on its connection: both are
 * there, or neither is.
 */
final class Outbox
{
    public const TABLE = 'sidecar_outbox';

    /** Microseconds since 1970 by the database's clock: the only one that all of Magento's machines share. */
    public const NOW = 'CAST(UNIX_TIMESTAMP(NOW(6)) * 1000000 AS UNSIGNED)';

    public function __construct(private readonly ResourceConnection $resource)
    {
    }

    /**
     * Write an event down.
     */
    public function append(Event $event): void
    {
        $connection = $this->resource->getConnection();
        $connection->query(
            sprintf(
                'INSERT INTO %s (event_id, type, entity_key, body, state, last_error, created_at, available_at)'
                . ' VALUES (?, ?, ?, ?, ?, ?, %2$s, 0)',
                $connection->quoteIdentifier($this->resource->getTableName(self::TABLE)),
                self::NOW
            ),
            [
                $event->id,
                $event->type,
                $event->entityKey,
                $event->body,
                $event->body === null ? State::PARKED : State::PENDING,
                $event->problem,
            ]
        );
    }
}
