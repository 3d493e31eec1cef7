<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Tests\Snapshot;

use Magento\Framework\App\Config\ScopeConfigInterface;
use Magento\Framework\App\RequestInterface;
use Magento\Framework\App\ResourceConnection;
use PHPUnit\Framework\TestCase;
use Sidecar\Stripe\Publication\Envelope;
use Sidecar\Stripe\Publication\EventType;
use Sidecar\Stripe\Publication\Happening;
use Sidecar\Stripe\Publication\Snapshots;
use Sidecar\Stripe\Tests\Emitted;
use Sidecar\Stripe\Tests\ExampleRows;
use Sidecar\Stripe\Tests\Fake\HttpRequest;
use Sidecar\Stripe\Tests\Fake\PdoResourceConnection;
use Sidecar\Stripe\Tests\Fake\Settings;
use Sidecar\Stripe\Tests\Objects;
use Sidecar\Stripe\Tests\TestDatabase;

/**
 * What the examples of the contracts tell is put into Magento's tables; a snapshot of them tells it again.
 */
final class ExamplesTest extends TestCase
{
    private PdoResourceConnection $resource;
    private ExampleRows $rows;

    protected function setUp(): void
    {
        TestDatabase::resetWithMagento();
        $this->resource = TestDatabase::resource();
        $this->rows = new ExampleRows($this->resource->getConnection());
    }

    /**
     * @dataProvider placed
     */
    public function testAPlacedOrderIsToldAsInTheExample(string $name, array $example): void
    {
        // Magento's columns know no fractions of a second.
        $example['placed_at'] = preg_replace('/\.\d+Z$/', 'Z', $example['placed_at']);
        $this->addColumnsOfAdobeCommerce('sales_order', $example['totals']);
        $this->rows->order($example);
        $this->assertTold(EventType::ORDER_PLACED, $name, $example, $example['order_id']);
    }

    public function placed(): array
    {
        return ExampleRows::all(EventType::ORDER_PLACED);
    }

    /**
     * @dataProvider edited
     */
    public function testAnEditedOrderIsToldAsInTheExample(string $name, array $example): void
    {
        $this->rows->order($example);
        $context = ['changed_fields' => $example['changed_fields'], 'edited_at' => $example['edited_at']];
        $this->assertTold(EventType::ORDER_EDITED, $name, $example, $example['order_id'], $context);
    }

    public function edited(): array
    {
        return ExampleRows::all(EventType::ORDER_EDITED);
    }

    /**
     * @dataProvider canceled
     */
    public function testACancelledOrderIsToldAsInTheExample(string $name, array $example): void
    {
        $this->rows->store($example['store']);
        $this->resource->getConnection()->insert(TestDatabase::PREFIX . 'sales_order', [
            'entity_id' => $example['order_id'],
            'increment_id' => $example['increment_id'],
            'store_id' => $example['store']['store_id'],
        ]);
        $context = ['canceled_at' => $example['canceled_at'], 'reason' => $example['reason']];
        $this->assertTold(EventType::ORDER_CANCELED, $name, $example, $example['order_id'], $context);
    }

    public function canceled(): array
    {
        return ExampleRows::all(EventType::ORDER_CANCELED);
    }

    /**
     * @dataProvider creditmemos
     */
    public function testACreditMemoIsToldAsInTheExample(string $name, array $example): void
    {
        $this->addColumnsOfAdobeCommerce('sales_creditmemo', $example['totals']);
        $this->rows->creditmemo($example);
        $this->assertTold(EventType::CREDITMEMO_CREATED, $name, $example, $example['creditmemo_id'], [
            'offline' => $example['offline'],
            'back_to_stock' => array_column($example['items'], 'back_to_stock', 'order_item_id'),
        ]);
    }

    public function creditmemos(): array
    {
        return ExampleRows::all(EventType::CREDITMEMO_CREATED);
    }

    /**
     * @dataProvider shipments
     */
    public function testAShipmentIsToldAsInTheExample(string $name, array $example): void
    {
        $this->rows->shipment($example);
        $context = ['source_code' => $example['source_code'] ?? null];
        $this->assertTold(EventType::SHIPMENT_CREATED, $name, $example, $example['shipment_id'], $context);
    }

    public function shipments(): array
    {
        return ExampleRows::all(EventType::SHIPMENT_CREATED);
    }

    /**
     * @dataProvider customers
     */
    public function testACustomerIsToldAsInTheExample(string $name, array $example): void
    {
        // Magento itself keeps no company with an account, and the moment of a save is that of this test.
        unset($example['company'], $example['updated_at']);
        $this->rows->customer($example);
        $context = ['is_new' => $example['is_new'], 'changed_fields' => $example['changed_fields']];
        $this->assertTold(EventType::CUSTOMER_SAVED, $name, $example, $example['customer_id'], $context);
    }

    public function customers(): array
    {
        return ExampleRows::all(EventType::CUSTOMER_SAVED);
    }

    /**
     * @dataProvider deleted
     */
    public function testADeletedCustomerIsToldAsInTheExample(string $name, array $example): void
    {
        $this->rows->store($example['store']);
        $this->assertTold(EventType::CUSTOMER_DELETED, $name, $example, $example['customer_id'], [
            'store_id' => $example['store']['store_id'],
            'website_id' => $example['store']['website_id'],
            'deleted_at' => $example['deleted_at'],
        ]);
    }

    public function deleted(): array
    {
        return ExampleRows::all(EventType::CUSTOMER_DELETED);
    }

    private function assertTold(string $type, string $name, array $example, int $id, array $context = []): void
    {
        $objects = new Objects([
            ResourceConnection::class => $this->resource,
            ScopeConfigInterface::class => new Settings([
                'sidecar_stripe/general/instance' => $example['instance'],
                'general/locale/code' => $example['buyer']['locale'] ?? $example['locale'] ?? 'en_US',
            ]),
            RequestInterface::class => new HttpRequest(),
        ]);
        $told = $objects->get(Snapshots::class)->of($type, $id, $context);
        $body = $objects->get(Envelope::class)->around("test-$type-$name", new Happening($type, $id, "x/$id"), $told);
        Emitted::keep("$type-$name", $body);
        self::assertSame(
            $this->sorted($example),
            $this->sorted($this->only(json_decode($body, true)['data'], $example))
        );
    }

    /**
     * What the example has too; a field that it leaves out is not compared.
     */
    private function only(array $told, array $example): array
    {
        $kept = [];
        foreach ($example as $key => $value) {
            self::assertArrayHasKey($key, $told);
            $kept[$key] = is_array($value) && is_array($told[$key]) ? $this->only($told[$key], $value) : $told[$key];
            if (is_array($value) && array_is_list($value)) {
                self::assertCount(count($value), $told[$key], "$key");
            }
        }
        return $kept;
    }

    private function sorted(array $value): array
    {
        foreach ($value as $key => $each) {
            $value[$key] = is_array($each) ? $this->sorted($each) : $each;
        }
        if (!array_is_list($value)) {
            ksort($value);
        }
        return $value;
    }

    private function addColumnsOfAdobeCommerce(string $table, array $totals): void
    {
        if (!isset($totals['store_credit'])) {
            return;
        }
        TestDatabase::isAltered();
        foreach (['', 'base_'] as $prefix) {
            foreach (['customer_balance_amount', 'gift_cards_amount'] as $column) {
                $this->resource->getConnection()->query(sprintf(
                    'ALTER TABLE %s%s ADD COLUMN %s%s decimal(20,4) DEFAULT NULL',
                    TestDatabase::PREFIX,
                    $table,
                    $prefix,
                    $column
                ));
            }
        }
    }
}
