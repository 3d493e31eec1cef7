<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Outbox;

/**
 * What waits in the outbox.
 */
final class BacklogReport
{
    /**
     * @param int $pending events that are not published yet
     * @param int $parked events that cannot be published until a person has looked
     * @param int $heldBack of those pending, the ones that wait behind a parked one of the same order or customer
     * @param int $refused of both, the ones that the broker was offered and did not take
     * @param float|null $oldestSeconds how long the oldest pending one has waited; null if none is
     */
    public function __construct(
        public readonly int $pending,
        public readonly int $parked,
        public readonly int $heldBack,
        public readonly int $refused,
        public readonly ?float $oldestSeconds
    ) {
    }
}
