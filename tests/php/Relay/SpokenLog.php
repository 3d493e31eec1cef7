<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Tests\Relay;

use Psr\Log\AbstractLogger;

/**
 * Says what is logged.
 */
final class SpokenLog extends AbstractLogger
{
    public function log($level, $message, array $context = []): void
    {
        echo "$level: $message\n";
    }
}
