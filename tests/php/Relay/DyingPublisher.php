<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Tests\Relay;

use Sidecar\Stripe\Relay\Deadline;
use Sidecar\Stripe\Relay\Delivery;
use Sidecar\Stripe\Relay\Publisher;

/**
 * Publishes, and is killed before anybody learns of it.
 */
final class DyingPublisher implements Publisher
{
    public function __construct(private readonly Publisher $publisher)
    {
    }

    public function publish(array $events, Deadline $deadline): Delivery
    {
        $this->publisher->publish($events, $deadline);
        posix_kill(posix_getpid(), 9);
        return new Delivery([], [], [], null);
    }

    public function close(): void
    {
        $this->publisher->close();
    }
}
