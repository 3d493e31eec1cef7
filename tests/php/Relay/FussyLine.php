<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Tests\Relay;

use PhpAmqpLib\Channel\AMQPChannel;
use Sidecar\Stripe\Relay\Deadline;
use Sidecar\Stripe\Relay\Line;

/**
 * A line whose channels are fussy.
 */
final class FussyLine implements Line
{
    private ?FussyChannel $channel = null;

    public function __construct(private readonly int $largest)
    {
    }

    public function channel(Deadline $deadline): AMQPChannel
    {
        return $this->channel ??= new FussyChannel($this->largest);
    }

    public function forgetChannel(): void
    {
        $this->channel = null;
    }

    public function drop(): void
    {
        $this->channel = null;
    }

    public function close(): void
    {
        $this->channel = null;
    }
}
