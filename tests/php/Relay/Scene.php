<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Tests\Relay;

use Magento\Framework\App\Config\ScopeConfigInterface;
use Magento\Framework\App\DeploymentConfig;
use Magento\Framework\App\RequestInterface;
use Magento\Framework\App\ResourceConnection;
use Magento\Framework\Encryption\EncryptorInterface;
use Psr\Log\LoggerInterface;
use Sidecar\Stripe\Outbox\Event;
use Sidecar\Stripe\Outbox\Outbox;
use Sidecar\Stripe\Outbox\Wake;
use Sidecar\Stripe\Publication\EventId;
use Sidecar\Stripe\Relay\Deadline;
use Sidecar\Stripe\Relay\Relay;
use Sidecar\Stripe\Relay\Report;
use Sidecar\Stripe\Tests\Fake\CountedWake;
use Sidecar\Stripe\Tests\Fake\HttpRequest;
use Sidecar\Stripe\Tests\Fake\Log;
use Sidecar\Stripe\Tests\Fake\PdoResourceConnection;
use Sidecar\Stripe\Tests\Fake\ReversingEncryptor;
use Sidecar\Stripe\Tests\Fake\Settings;
use Sidecar\Stripe\Tests\Objects;
use Sidecar\Stripe\Tests\TestBroker;
use Sidecar\Stripe\Tests\TestDatabase;

/**
 * An outbox with events in it, and relays that may be run on it.
 */
final class Scene
{
    public readonly PdoResourceConnection $resource;
    public readonly Settings $settings;
    public readonly Log $log;
    private readonly Outbox $outbox;

    public function __construct()
    {
        $this->resource = TestDatabase::resource();
        $this->settings = new Settings(['sidecar_stripe/broker/exchange_prefix' => TestBroker::prefix()]);
        $this->log = new Log();
        $this->outbox = $this->objects()->get(Outbox::class);
    }

    /**
     * What a PHP worker of this shop has. Each call gives another worker, on a database connection of its own.
     *
     * @param array<string, mixed> $broker values of `queue/amqp` that differ from the test's broker
     * @param array<class-string, object> $given
     */
    public function objects(array $broker = [], array $given = []): Objects
    {
        return new Objects($given + [
            ResourceConnection::class => TestDatabase::resource(),
            ScopeConfigInterface::class => $this->settings,
            DeploymentConfig::class => TestBroker::environment($broker),
            EncryptorInterface::class => new ReversingEncryptor(),
            RequestInterface::class => new HttpRequest(),
            LoggerInterface::class => $this->log,
            Wake::class => new CountedWake(),
        ]);
    }

    /**
     * Write an event; gives its id.
     */
    public function event(string $entityKey, string $type = 'magento.order.placed.v1', ?string $body = null): string
    {
        $id = EventId::next();
        $this->outbox->append(Event::finished($id, $type, $entityKey, $body ?? json_encode([
            'specversion' => '1.0',
            'id' => $id,
            'source' => '/magento/main',
            'type' => $type,
            'traceparent' => '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
            'data' => ['instance' => 'main'],
        ])));
        return $id;
    }

    /**
     * @param array<string, mixed> $broker values of `queue/amqp` that differ from the test's broker
     */
    public function relay(array $broker = [], float $seconds = 10.0, int $limit = PHP_INT_MAX): Report
    {
        $relay = $this->objects($broker)->get(Relay::class);
        $report = $relay->run(Deadline::in($seconds), 100, $limit);
        $relay->close();
        return $report;
    }

    /**
     * @return list<array<string, string|null>> all events, oldest first
     */
    public function rows(): array
    {
        return $this->resource->getConnection()->fetchAll("SELECT * FROM {$this->table()} ORDER BY id");
    }

    /**
     * @return array<string, string> states by event id
     */
    public function states(): array
    {
        return array_column($this->rows(), 'state', 'event_id');
    }

    /** Time passes: waits are over, and so are leases. */
    public function later(): void
    {
        $this->resource->getConnection()->query("UPDATE {$this->table()} SET available_at = 0, claimed_until = 0");
    }

    public function table(): string
    {
        return TestDatabase::PREFIX . 'sidecar_outbox';
    }
}
