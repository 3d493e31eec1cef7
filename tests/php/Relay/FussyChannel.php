<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Tests\Relay;

use PhpAmqpLib\Channel\AMQPChannel;
use PhpAmqpLib\Exception\AMQPProtocolChannelException;
use PhpAmqpLib\Message\AMQPMessage;

/**
 * A channel of a broker that has a limit on the size of messages: it confirms those before the one that is too large,
 * and then closes the channel (RabbitMQ's `max_message_size`, code 406).
 */
final class FussyChannel extends AMQPChannel
{
    /** @var callable */
    private $confirm;

    /** @var list<AMQPMessage> */
    private array $sent = [];

    public function __construct(private readonly int $largest)
    {
    }

    public function __destruct()
    {
    }

    public function set_ack_handler($callback)
    {
        $this->confirm = $callback;
    }

    public function set_nack_handler($callback)
    {
    }

    public function set_return_listener($callback)
    {
    }

    public function batch_basic_publish(
        $message,
        $exchange = '',
        $routing_key = '',
        $mandatory = false,
        $immediate = false,
        $ticket = null
    ) {
        $this->sent[] = $message;
    }

    public function publish_batch()
    {
    }

    public function wait($allowed_methods = null, $non_blocking = false, $timeout = 0)
    {
        $message = array_shift($this->sent);
        if (strlen($message->getBody()) > $this->largest) {
            throw new AMQPProtocolChannelException(406, 'PRECONDITION_FAILED - message size is larger', [60, 40]);
        }
        ($this->confirm)($message);
    }
}
