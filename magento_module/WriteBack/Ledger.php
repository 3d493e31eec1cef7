<?php

declare(strict_types=1);

namespace Sidecar\Stripe\WriteBack;

use Magento\Framework\App\ResourceConnection;

/**
 * What was written to which order, with the answer that was given: `sidecar_write_back`.
 *
 * It is read and written while the order is locked, in the transaction of the effect, so that an effect and its entry
 * are both there or neither is.
 */
final class Ledger
{
    public const TABLE = 'sidecar_write_back';

    /** Longer keys are kept by their hash: `sidecar_write_back.about` is as long as this. */
    private const LONGEST_KEY = 255;

    public function __construct(private readonly ResourceConnection $resource)
    {
    }

    /**
     * The ids that were answered when the same was written before; null if it was not.
     *
     * @param string $about the key: what Stripe calls the thing that is written
     * @return array<string, int|string>|null
     */
    public function find(int $orderId, Resource $resource, string $about): ?array
    {
        $connection = $this->resource->getConnection('sales');
        $ids = $connection->fetchOne(
            sprintf(
                'SELECT ids FROM %s WHERE order_id = ? AND resource = ? AND about = ?',
                $connection->quoteIdentifier($this->table())
            ),
            [$orderId, $resource->value, $this->key($about)]
        );
        return $ids === false ? null : json_decode($ids, true, 8, JSON_THROW_ON_ERROR);
    }

    /**
     * @param array<string, int|string> $ids what the answer names besides the order: they are answered again
     */
    public function keep(int $orderId, Resource $resource, string $about, array $ids): void
    {
        $this->resource->getConnection('sales')->insert($this->table(), [
            'order_id' => $orderId,
            'resource' => $resource->value,
            'about' => $this->key($about),
            'ids' => json_encode((object) $ids, JSON_THROW_ON_ERROR),
        ]);
    }

    private function key(string $about): string
    {
        return strlen($about) <= self::LONGEST_KEY ? $about : hash('sha256', $about);
    }

    private function table(): string
    {
        return $this->resource->getTableName(self::TABLE, 'sales');
    }
}
