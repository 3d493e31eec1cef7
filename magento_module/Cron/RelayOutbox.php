<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Cron;

use Sidecar\Stripe\Config\RelayConfig;
use Sidecar\Stripe\Relay\Deadline;
use Sidecar\Stripe\Relay\Relay;

/**
 * Every minute: publishes what requests have left.
 *
 * It tries whatever is known of the broker: a minute is wait enough.
 */
final class RelayOutbox
{
    /** Seconds; less than the minute to the next one. */
    private const TIME = 45.0;

    public function __construct(
        private readonly Relay $relay,
        private readonly RelayConfig $config
    ) {
    }

    public function execute(): void
    {
        $this->relay->run(Deadline::in(self::TIME), $this->config->batch());
        $this->relay->close();
    }
}
