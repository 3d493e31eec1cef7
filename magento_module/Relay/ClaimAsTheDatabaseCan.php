<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Relay;

use Magento\Framework\App\ResourceConnection;
use Throwable;

/**
 * The better of the two ways that the database has. It is asked, because versions tell little: clouds have their own.
 */
final class ClaimAsTheDatabaseCan implements Claim
{
    private ?bool $skipsLocked = null;

    public function __construct(
        private readonly ResourceConnection $resource,
        private readonly DueEvents $due,
        private readonly ClaimBySkipLocked $bySkipLocked,
        private readonly ClaimByToken $byToken
    ) {
    }

    public function next(int $limit, int $leaseSeconds): array
    {
        return ($this->skipsLocked() ? $this->bySkipLocked : $this->byToken)->next($limit, $leaseSeconds);
    }

    /**
     * Whether the database knows `SELECT … FOR UPDATE SKIP LOCKED`.
     */
    public function skipsLocked(): bool
    {
        if ($this->skipsLocked === null) {
            try {
                $this->resource->getConnection()->fetchOne(
                    sprintf('SELECT id FROM %s WHERE id = 0 FOR UPDATE SKIP LOCKED', $this->due->table())
                );
                $this->skipsLocked = true;
            } catch (Throwable) {
                $this->skipsLocked = false;
            }
        }
        return $this->skipsLocked;
    }
}
