<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Relay;

/**
 * What the relays know of the broker.
 */
final class BrokerState
{
    /**
     * @param int $failures in a row
     * @param string|null $lastError of the last failure
     * @param int|null $succeededAt when it last confirmed something, microseconds since 1970
     */
    public function __construct(
        public readonly int $failures,
        public readonly ?string $lastError,
        public readonly ?int $succeededAt
    ) {
    }
}
