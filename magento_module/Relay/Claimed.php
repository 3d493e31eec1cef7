<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Relay;

/**
 * An event that this relay has in hand.
 */
final class Claimed
{
    /**
     * @param int $id its place in the outbox
     * @param int $attempts how often the broker did not take it
     */
    public function __construct(
        public readonly int $id,
        public readonly string $eventId,
        public readonly string $type,
        public readonly string $body,
        public readonly int $attempts
    ) {
    }
}
