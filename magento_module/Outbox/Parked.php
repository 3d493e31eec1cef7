<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Outbox;

use Magento\Framework\App\ResourceConnection;

/**
 * The events that a person has to look at.
 */
final class Parked
{
    public function __construct(private readonly ResourceConnection $resource)
    {
    }

    /**
     * The oldest of them, without their bodies.
     *
     * @return list<array{id: int, type: string, entity_key: string, reason: ?string}>
     */
    public function oldest(int $limit): array
    {
        $connection = $this->resource->getConnection();
        return array_map(
            static fn (array $row): array => [
                'id' => (int) $row['id'],
                'type' => $row['type'],
                'entity_key' => $row['entity_key'],
                'reason' => $row['last_error'],
            ],
            $connection->fetchAll(sprintf(
                "SELECT id, type, entity_key, last_error FROM %s WHERE state = 'parked' ORDER BY id LIMIT %d",
                $connection->quoteIdentifier($this->resource->getTableName(Outbox::TABLE)),
                $limit
            ))
        );
    }
}
