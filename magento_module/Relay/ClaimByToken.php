<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Relay;

use Magento\Framework\App\ResourceConnection;
use Sidecar\Stripe\Outbox\Outbox;

/**
 * For databases that know no `SKIP LOCKED`: rows are marked with a token of this claim, and what bears it is ours.
 *
 * Relays that come at once wait for each other for the length of one UPDATE.
 */
final class ClaimByToken implements Claim
{
    public function __construct(
        private readonly ResourceConnection $resource,
        private readonly DueEvents $due
    ) {
    }

    public function next(int $limit, int $leaseSeconds): array
    {
        $candidates = $this->due->find($limit);
        if ($candidates === []) {
            return [];
        }
        $connection = $this->resource->getConnection();
        $token = bin2hex(random_bytes(16));
        $connection->query(
            sprintf(
                "UPDATE %s SET claimed_by = ?, claimed_until = %s + ? WHERE id IN (%s) AND state = 'pending' AND %s",
                $this->due->table(),
                Outbox::NOW,
                implode(', ', $candidates),
                DueEvents::UNCLAIMED
            ),
            [$token, $leaseSeconds * 1_000_000]
        );
        return $this->due->read(array_map('intval', $connection->fetchCol(
            sprintf('SELECT id FROM %s WHERE claimed_by = ?', $this->due->table()),
            [$token]
        )));
    }
}
