<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Cron;

use Sidecar\Stripe\Config\RelayConfig;
use Sidecar\Stripe\Outbox\Prune;

/**
 * Every night: deletes events that were published long ago.
 */
final class PruneOutbox
{
    public function __construct(
        private readonly Prune $prune,
        private readonly RelayConfig $config
    ) {
    }

    public function execute(): void
    {
        $days = $this->config->pruneAfterDays();
        if ($days > 0) {
            $this->prune->run($days);
        }
    }
}
