<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Tests;

use PhpAmqpLib\Channel\AMQPChannel;
use PhpAmqpLib\Connection\AMQPStreamConnection;
use PhpAmqpLib\Message\AMQPMessage;
use Sidecar\Stripe\Tests\Fake\Environment;

/**
 * The broker of the tests (SIDECAR_TEST_BROKER_URL). Names begin with SIDECAR_TEST_PREFIX, since other tests use it
 * too.
 */
final class TestBroker
{
    private AMQPStreamConnection $connection;
    private AMQPChannel $channel;

    /** @var list<string> */
    private array $queues = [];

    public function __construct()
    {
        $url = self::url();
        $this->connection = new AMQPStreamConnection(
            $url['host'],
            $url['port'],
            $url['user'],
            $url['pass'],
            $url['vhost']
        );
        $this->channel = $this->connection->channel();
    }

    /**
     * @return array{host: string, port: int, user: string, pass: string, vhost: string}
     */
    public static function url(): array
    {
        $url = parse_url((string) getenv('SIDECAR_TEST_BROKER_URL'));
        $vhost = urldecode(substr($url['path'] ?? '/', 1));
        return [
            'host' => $url['host'],
            'port' => $url['port'] ?? 5672,
            'user' => urldecode($url['user'] ?? 'guest'),
            'pass' => urldecode($url['pass'] ?? 'guest'),
            'vhost' => $vhost === '' ? '/' : $vhost,
        ];
    }

    /**
     * `app/etc/env.php` of a Magento that uses this broker.
     *
     * @param array<string, mixed> $other values of `queue/amqp` to be set otherwise
     */
    public static function environment(array $other = []): Environment
    {
        $url = self::url();
        $values = $other + [
            'host' => $url['host'],
            'port' => (string) $url['port'],
            'user' => $url['user'],
            'password' => $url['pass'],
            'virtualhost' => $url['vhost'],
        ];
        $paths = array_map(static fn (string $name): string => "queue/amqp/$name", array_keys($values));
        return new Environment(array_combine($paths, array_values($values)));
    }

    public static function prefix(): string
    {
        return (string) getenv('SIDECAR_TEST_PREFIX');
    }

    public function declareExchange(): void
    {
        $this->channel->exchange_declare(self::prefix() . 'magento.events', 'topic', false, true, false);
    }

    /**
     * A queue that takes what is published with these keys.
     */
    public function bind(string $queue, string ...$keys): void
    {
        $this->channel->queue_declare(self::prefix() . $queue, false, true, false, false);
        $this->queues[] = self::prefix() . $queue;
        foreach ($keys as $key) {
            $this->channel->queue_bind(self::prefix() . $queue, self::prefix() . 'magento.events', $key);
        }
    }

    /**
     * All that is in a queue, in its order; it is empty then.
     *
     * @return list<AMQPMessage>
     */
    public function drain(string $queue): array
    {
        $messages = [];
        while ($message = $this->channel->basic_get(self::prefix() . $queue, true)) {
            $messages[] = $message;
        }
        return $messages;
    }

    public function removeAll(): void
    {
        foreach ($this->queues as $queue) {
            $this->channel->queue_delete($queue);
        }
        $this->channel->exchange_delete(self::prefix() . 'magento.events');
        $this->connection->close();
    }
}
