<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Relay;

/**
 * Brings events to the broker.
 */
interface Publisher
{
    /**
     * Publish events and wait for the broker's word on each.
     *
     * @param list<Claimed> $events
     */
    public function publish(array $events, Deadline $deadline): Delivery;

    /**
     * Hang up; the next event connects again.
     */
    public function close(): void;
}
