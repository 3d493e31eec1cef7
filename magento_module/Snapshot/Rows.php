<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Snapshot;

use Magento\Framework\App\ResourceConnection;

/**
 * Reads Magento's tables on the connection that wrote them, so that a snapshot is what the transaction is about to
 * commit, and amounts are the columns' own text: in Magento's models they may be floats.
 */
final class Rows
{
    public function __construct(private readonly ResourceConnection $resource)
    {
    }

    /**
     * The row with this id.
     *
     * @return array<string, string|int|null>
     * @throws CannotTell there is none
     */
    public function get(string $table, int $id): array
    {
        return $this->find($table, 'entity_id', $id) ?? throw new CannotTell(sprintf('%s has no such row', $table));
    }

    /**
     * A row by a column that identifies it, or null.
     *
     * @return array<string, string|int|null>|null
     */
    public function find(string $table, string $column, int|string $value): ?array
    {
        return $this->select($table, $column, $value, ' LIMIT 1')[0] ?? null;
    }

    /**
     * One column of the row with this id, or null if there is none.
     */
    public function value(string $table, string $column, int $id): ?string
    {
        $connection = $this->resource->getConnection();
        $value = $connection->fetchOne(
            sprintf(
                'SELECT %s FROM %s WHERE entity_id = ?',
                $connection->quoteIdentifier($column),
                $connection->quoteIdentifier($this->resource->getTableName($table))
            ),
            [$id]
        );
        return $value === false || $value === null ? null : (string) $value;
    }

    /**
     * Rows with this value in a column, in the order of another.
     *
     * @return list<array<string, string|int|null>>
     */
    public function all(string $table, string $column, int|string $value, string $orderBy): array
    {
        $order = $this->resource->getConnection()->quoteIdentifier($orderBy);
        return $this->select($table, $column, $value, " ORDER BY $order");
    }

    /**
     * @return list<array<string, string|int|null>>
     */
    private function select(string $table, string $column, int|string $value, string $tail): array
    {
        $connection = $this->resource->getConnection();
        return $connection->fetchAll(
            sprintf(
                'SELECT * FROM %s WHERE %s = ?%s',
                $connection->quoteIdentifier($this->resource->getTableName($table)),
                $connection->quoteIdentifier($column),
                $tail
            ),
            [$value]
        );
    }
}
