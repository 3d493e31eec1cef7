<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Tests\Publication;

use Magento\Framework\App\Config\ScopeConfigInterface;
use Magento\Framework\App\RequestInterface;
use Magento\Framework\App\ResourceConnection;
use Magento\Framework\App\State;
use Magento\Framework\DB\Adapter\AdapterInterface;
use Magento\Framework\Event\Observer;
use Psr\Log\LoggerInterface;
use Sidecar\Stripe\Outbox\Wake;
use Sidecar\Stripe\Tests\Emitted;
use Sidecar\Stripe\Tests\ExampleRows;
use Sidecar\Stripe\Tests\Fake\AreaState;
use Sidecar\Stripe\Tests\Fake\CountedWake;
use Sidecar\Stripe\Tests\Fake\HttpRequest;
use Sidecar\Stripe\Tests\Fake\Log;
use Sidecar\Stripe\Tests\Fake\Settings;
use Sidecar\Stripe\Tests\Objects;
use Sidecar\Stripe\Tests\TestDatabase;

/**
 * A shop with an order (1043) and a customer (318) of the contracts' examples, and the module in it.
 */
final class Shop
{
    public readonly AdapterInterface $database;
    public readonly Objects $module;
    public readonly Settings $settings;
    public readonly Log $log;
    private int $seen = 0;

    public function __construct(?string $area = null, array $headers = [])
    {
        TestDatabase::resetWithMagento();
        $resource = TestDatabase::resource();
        $this->database = $resource->getConnection();
        $this->settings = new Settings();
        $this->log = new Log();
        $this->module = new Objects([
            ResourceConnection::class => $resource,
            ScopeConfigInterface::class => $this->settings,
            RequestInterface::class => new HttpRequest($headers),
            State::class => new AreaState($area),
            LoggerInterface::class => $this->log,
            Wake::class => new CountedWake(),
        ]);
        $rows = new ExampleRows($this->database);
        $rows->order(ExampleRows::read('magento.order.placed.v1', 'account-eur-base-usd'));
        $rows->customer(ExampleRows::read('magento.customer.saved.v1', 'company-with-two-addresses'));
    }

    /**
     * Dispatch an event to one of the module's observers, as Magento does.
     *
     * @param class-string $observer
     * @param array<string, mixed> $data
     */
    public function dispatch(string $observer, array $data): void
    {
        $this->module->get($observer)->execute(new Observer($data));
    }

    public function set(string $table, string $column, int|string|null $value, string $where): void
    {
        $this->database->update(TestDatabase::PREFIX . $table, [$column => $value], $where);
    }

    /**
     * The events that were written since the last call. Each is handed over to be read as a consumer would.
     *
     * @return list<array<string, mixed>> rows, with the envelope as `message`
     */
    public function written(): array
    {
        $table = TestDatabase::PREFIX . 'sidecar_outbox';
        $rows = $this->database->fetchAll("SELECT * FROM $table WHERE id > {$this->seen} ORDER BY id");
        foreach ($rows as $number => $row) {
            $this->seen = (int) $row['id'];
            $rows[$number]['message'] = json_decode($row['body'], true);
            if ($row['state'] === 'pending') {
                Emitted::keep("{$row['type']}-{$row['event_id']}", $row['body']);
            }
        }
        return $rows;
    }

    /**
     * The same as types.
     *
     * @return list<string>
     */
    public function types(): array
    {
        return array_column($this->written(), 'type');
    }

    /** All that was written is published. */
    public function publish(): void
    {
        $this->database->update(TestDatabase::PREFIX . 'sidecar_outbox', ['state' => 'published']);
    }
}
