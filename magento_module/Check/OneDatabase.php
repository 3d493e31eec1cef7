<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Check;

use Magento\Framework\App\ResourceConnection;

/**
 * An event is written in the transaction of what it tells, so that both have to be in one database.
 */
final class OneDatabase implements Check
{
    public function __construct(private readonly ResourceConnection $resource)
    {
    }

    public function name(): string
    {
        return 'database';
    }

    public function look(): Finding
    {
        $own = $this->resource->getConnection();
        foreach (['sales', 'customer'] as $other) {
            if ($this->resource->getConnection($other) !== $own) {
                return Finding::wrong(
                    "the tables of '$other' are in a database of their own",
                    'events would not be written with them; a split database is not supported'
                );
            }
        }
        return Finding::well('one');
    }
}
