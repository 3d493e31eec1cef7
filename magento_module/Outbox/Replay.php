<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Outbox;

use Magento\Framework\App\ResourceConnection;
use Sidecar\Stripe\Publication\Announcement;

/**
 * Has events published again, or at last. They keep their ids: who has handled one knows it again and passes over it.
 *
 * A parked event that was never finished is made now, with the state that Magento has now.
 */
final class Replay
{
    public function __construct(
        private readonly ResourceConnection $resource,
        private readonly Announcement $announcement
    ) {
    }

    /**
     * The events that are meant, oldest first, without their bodies. What is pending anyway is none of them.
     *
     * @return list<array{id: int, event_id: string, type: string, entity_key: string, state: string, last_error:
     *     ?string}>
     */
    public function find(Selection $selection): array
    {
        $conditions = ["state <> '" . State::PENDING . "'"];
        $values = [];
        if ($selection->ids !== []) {
            $conditions[] = sprintf('id IN (%s)', implode(', ', array_map('intval', $selection->ids)));
        }
        $narrowings = [
            'entity_key = ?' => $selection->entityKey,
            'state = ?' => $selection->state,
            'created_at >= ?' => $selection->since,
        ];
        foreach ($narrowings as $condition => $value) {
            if ($value !== null) {
                $conditions[] = $condition;
                $values[] = $value;
            }
        }
        return array_map(
            static fn (array $row): array => ['id' => (int) $row['id']] + $row,
            $this->resource->getConnection()->fetchAll(
                sprintf(
                    'SELECT id, event_id, type, entity_key, state, last_error FROM %s WHERE %s ORDER BY id',
                    $this->table(),
                    implode(' AND ', $conditions)
                ),
                $values
            )
        );
    }

    /**
     * Make one of them pending; null if it is, else why it cannot be.
     */
    public function one(int $id): ?string
    {
        $connection = $this->resource->getConnection();
        $row = $connection->fetchRow(
            sprintf('SELECT event_id, type, entity_key, body FROM %s WHERE id = ?', $this->table()),
            [$id]
        );
        if (!$row) {
            return 'there is no such event';
        }
        $body = $row['body'];
        $unfinished = Event::unfinishedHappening($row['type'], $row['entity_key'], $body);
        if ($unfinished !== null) {
            $event = $this->announcement->made($row['event_id'], $unfinished);
            if ($event->problem !== null) {
                return $event->problem;
            }
            $body = $event->body;
        }
        $connection->query(
            sprintf(
                'UPDATE %s SET state = ?, body = ?, attempts = 0, available_at = 0, claimed_by = NULL,'
                . ' claimed_until = NULL, last_error = NULL, published_at = NULL WHERE id = ?',
                $this->table()
            ),
            [State::PENDING, $body, $id]
        );
        return null;
    }

    private function table(): string
    {
        $connection = $this->resource->getConnection();
        return $connection->quoteIdentifier($this->resource->getTableName(Outbox::TABLE));
    }
}
