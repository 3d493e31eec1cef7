<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Outbox;

use Magento\Framework\App\ResourceConnection;

/**
 * Deletes events that were published long ago. What is not published is never deleted.
 */
final class Prune
{
    /** Rows for each statement, so that none locks for long. */
    private const CHUNK = 1000;

    private const DAY = 86_400_000_000;

    public function __construct(private readonly ResourceConnection $resource)
    {
    }

    /**
     * How many there are to delete.
     *
     * @param int $days since their publication
     */
    public function count(int $days): int
    {
        return (int) $this->resource->getConnection()->fetchOne(
            sprintf('SELECT COUNT(*) FROM %s WHERE %s', $this->table(), $this->condition()),
            [$days * self::DAY]
        );
    }

    /**
     * Delete them; gives how many they were.
     *
     * @param int $days since their publication
     */
    public function run(int $days): int
    {
        $deleted = 0;
        do {
            $chunk = $this->resource->getConnection()->query(
                sprintf('DELETE FROM %s WHERE %s LIMIT %d', $this->table(), $this->condition(), self::CHUNK),
                [$days * self::DAY]
            )->rowCount();
            $deleted += $chunk;
        } while ($chunk === self::CHUNK);
        return $deleted;
    }

    private function condition(): string
    {
        // Only what is published has such a time.
        return sprintf('published_at < %s - ?', Outbox::NOW);
    }

    private function table(): string
    {
        $connection = $this->resource->getConnection();
        return $connection->quoteIdentifier($this->resource->getTableName(Outbox::TABLE));
    }
}
