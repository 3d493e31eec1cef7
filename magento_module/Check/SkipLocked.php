<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Check;

use Sidecar\Stripe\Relay\ClaimAsTheDatabaseCan;

/**
 * Relays work side by side without waiting for each other where the database can pass over locked rows.
 */
final class SkipLocked implements Check
{
    public function __construct(private readonly ClaimAsTheDatabaseCan $claim)
    {
    }

    public function name(): string
    {
        return 'skip locked';
    }

    public function look(): Finding
    {
        return $this->claim->skipsLocked()
            ? Finding::well('known')
            : Finding::note('not known to this database: several relays at once wait for each other for moments');
    }
}
