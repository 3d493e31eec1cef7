<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Relay;

use PhpAmqpLib\Channel\AMQPChannel;
use Throwable;

/**
 * The line to the broker.
 */
interface Line
{
    /**
     * The open channel, or a new one, that confirms what is published on it.
     *
     * @throws Throwable the broker cannot be reached in time, or does not let us in
     */
    public function channel(Deadline $deadline): AMQPChannel;

    /**
     * The channel was closed by the broker; the connection is well.
     */
    public function forgetChannel(): void;

    /**
     * Hang up without a word: the other side does not answer any more.
     */
    public function drop(): void;

    /**
     * Hang up in order.
     */
    public function close(): void;
}
