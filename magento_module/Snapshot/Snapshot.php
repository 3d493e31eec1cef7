<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Snapshot;

/**
 * Makes the data of one kind of event out of Magento's tables. The contracts are the classes of `schemas/magento`.
 *
 * `instance` is no part of it: whoever writes the envelope adds it.
 */
interface Snapshot
{
    /**
     * @param int $id `entity_id` of what it is about
     * @param array<string, mixed> $context what was known when it happened and the tables do not say
     * @return array<string, mixed>
     * @throws CannotTell it cannot be made
     */
    public function of(int $id, array $context): array;
}
