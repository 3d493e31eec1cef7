<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Outbox;

use Magento\Framework\App\ResourceConnection;
use Magento\Framework\DB\Adapter\AdapterInterface;

/**
 * Where events wait for the relay. They are written in the transaction of what they tell, on its connection: both are
 * there, or neither is.
 */
final class Outbox
{
    public const TABLE = 'sidecar_outbox';

    /**
     * Microseconds since 1970 by the database's clock: the only one that all of Magento's machines share.
     *
     * Signed, because a difference that is below zero is an error where one of the two is not.
     */
    public const NOW = 'CAST(UNIX_TIMESTAMP(NOW(6)) * 1000000 AS SIGNED)';

    /** Microseconds for which an event waits for more of the same save, unless its process ends before. */
    private const UNSETTLED = 2_000_000;

    public function __construct(
        private readonly ResourceConnection $resource,
        private readonly Unsettled $unsettled,
        private readonly Wake $wake
    ) {
    }

    /**
     * Write an event down.
     */
    public function append(Event $event): void
    {
        $this->insert($event, '0');
    }

    /**
     * Write an event down that more may be added to soon, by `replace`.
     */
    public function appendUnsettled(Event $event): void
    {
        $this->insert($event, self::NOW . ' + ' . self::UNSETTLED);
        $this->unsettled->add($event->id);
    }

    /**
     * Put a newer body into an event that nobody has taken in hand yet; false if it is too late for that, or if the
     * event was rolled back.
     */
    public function replace(Event $event): bool
    {
        $statement = $this->connection()->query(
            sprintf(
                'UPDATE %s SET body = ?, state = ?, last_error = ?'
                . ' WHERE event_id = ? AND state <> ? AND claimed_by IS NULL AND attempts = 0',
                $this->table()
            ),
            [$event->body, $this->state($event), $event->problem, $event->id, State::PUBLISHED]
        );
        return $statement->rowCount() > 0;
    }

    private function insert(Event $event, string $availableAt): void
    {
        $this->connection()->query(
            sprintf(
                'INSERT INTO %s (event_id, type, entity_key, body, state, last_error, created_at, available_at)'
                . ' VALUES (?, ?, ?, ?, ?, ?, %s, %s)',
                $this->table(),
                self::NOW,
                $availableAt
            ),
            [$event->id, $event->type, $event->entityKey, $event->body, $this->state($event), $event->problem]
        );
        $this->wake->call();
    }

    private function state(Event $event): string
    {
        return $event->problem === null ? State::PENDING : State::PARKED;
    }

    private function table(): string
    {
        return $this->connection()->quoteIdentifier($this->resource->getTableName(self::TABLE));
    }

    private function connection(): AdapterInterface
    {
        return $this->resource->getConnection();
    }
}
