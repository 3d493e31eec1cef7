<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Relay;

use Magento\Framework\App\ResourceConnection;
use Sidecar\Stripe\Outbox\Outbox;
use Throwable;

/**
 * For MySQL 8.0.1, MariaDB 10.6 and later: relays pass over each other's rows and never wait.
 *
 * The rows are locked by their primary keys, one by one. A range of an index would be locked with its gaps, and a
 * checkout that writes an event would wait for the relay.
 */
final class ClaimBySkipLocked implements Claim
{
    /** How many more are looked for than are wanted: others may have the first ones. */
    private const WIDER = 4;

    public function __construct(
        private readonly ResourceConnection $resource,
        private readonly DueEvents $due
    ) {
    }

    public function next(int $limit, int $leaseSeconds): array
    {
        $candidates = $this->due->find($limit * self::WIDER);
        if ($candidates === []) {
            return [];
        }
        $connection = $this->resource->getConnection();
        $connection->beginTransaction();
        try {
            $ids = array_map('intval', $connection->fetchCol(sprintf(
                "SELECT id FROM %s FORCE INDEX (PRIMARY) WHERE id IN (%s) AND state = 'pending' AND %s"
                . ' ORDER BY id LIMIT %d FOR UPDATE SKIP LOCKED',
                $this->due->table(),
                implode(', ', $candidates),
                DueEvents::UNCLAIMED,
                $limit
            )));
            if ($ids !== []) {
                $connection->query(
                    sprintf(
                        'UPDATE %s SET claimed_by = ?, claimed_until = %s + ? WHERE id IN (%s)',
                        $this->due->table(),
                        Outbox::NOW,
                        implode(', ', $ids)
                    ),
                    [bin2hex(random_bytes(16)), $leaseSeconds * 1_000_000]
                );
            }
            $connection->commit();
        } catch (Throwable $error) {
            $connection->rollBack();
            throw $error;
        }
        return $this->due->read($ids);
    }
}
