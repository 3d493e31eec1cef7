<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Plugin;

use Sidecar\Stripe\Publication\CustomerImport;

/**
 * After each bunch of rows that an import reads; from 2.4.6 on they come from `getNextUniqueBunch`.
 */
class FollowImportedBunches
{
    public function __construct(private readonly CustomerImport $import)
    {
    }

    public function afterGetNextBunch(object $subject, ?array $result): ?array
    {
        $this->import->read($result);
        return $result;
    }

    public function afterGetNextUniqueBunch(object $subject, ?array $result): ?array
    {
        $this->import->read($result);
        return $result;
    }
}
