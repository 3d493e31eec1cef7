<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Relay;

use PhpAmqpLib\Channel\AMQPChannel;
use PhpAmqpLib\Connection\AbstractConnection;
use PhpAmqpLib\Connection\AMQPStreamConnection;
use Sidecar\Stripe\Config\BrokerConfig;
use Throwable;

/**
 * A connection to RabbitMQ by php-amqplib, of any version 3, that never waits longer than it is told to.
 *
 * The library's class for TLS is not used: 3.7 has deprecated it, 3.1 has nothing else by that name, and the plain one
 * takes a TLS context in all of them.
 */
final class BrokerConnection implements Line
{
    /** Seconds that the broker is given for one answer, where there is more time than that. */
    private const PATIENCE = 5.0;

    /** The least that the library can be told to wait, in seconds: less would be without an end. */
    private const BLINK = 0.005;

    /** Seconds after which an idle connection is not trusted any more: what is between may have dropped it silently. */
    private const TRUSTED = 30.0;

    private ?AbstractConnection $connection = null;
    private ?AMQPChannel $channel = null;
    private float $usedAt = 0.0;

    public function __construct(private readonly BrokerConfig $config)
    {
    }

    public function channel(Deadline $deadline): AMQPChannel
    {
        if ($this->connection !== null && microtime(true) - $this->usedAt > self::TRUSTED) {
            $this->close();
        }
        if ($this->connection === null) {
            $this->connection = $this->connect($this->patience($deadline));
        }
        if ($this->channel === null) {
            $this->channel = $this->connection->channel();
            $this->channel->confirm_select();
        }
        $this->usedAt = microtime(true);
        return $this->channel;
    }

    public function forgetChannel(): void
    {
        $this->channel = null;
    }

    public function drop(): void
    {
        $connection = $this->connection;
        $this->connection = $this->channel = null;
        if ($connection !== null) {
            try {
                $connection->getIO()->close();
            } catch (Throwable) {
                return; // it is gone already
            }
        }
    }

    public function close(): void
    {
        try {
            $this->connection?->close();
        } catch (Throwable) {
            $this->drop();
        }
        $this->connection = $this->channel = null;
    }

    private function connect(float $patience): AbstractConnection
    {
        $connection = new AMQPStreamConnection(
            $this->config->host(),
            $this->config->port(),
            $this->config->user(),
            $this->config->password(),
            $this->config->virtualHost(),
            false,
            'PLAIN',
            null,
            'en_US',
            $patience,
            $patience,
            $this->context(),
            false,
            0,
            $patience
        );
        // A destructor would wait for an answer once more.
        $connection->set_close_on_destruct(false);
        return $connection;
    }

    /**
     * @return resource|null
     */
    private function context(): mixed
    {
        // An option has to be there for the library to use TLS at all.
        return $this->config->usesTls()
            ? stream_context_create(['ssl' => $this->config->tlsOptions() + ['verify_peer' => true]])
            : null;
    }

    private function patience(Deadline $deadline): float
    {
        return max(self::BLINK, min(self::PATIENCE, $deadline->left()));
    }
}
