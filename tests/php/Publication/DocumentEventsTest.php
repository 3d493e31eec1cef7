<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Tests\Publication;

use PHPUnit\Framework\TestCase;
use Sidecar\Stripe\Observer\AfterCreditmemoSave;
use Sidecar\Stripe\Observer\AfterShipmentSave;
use Sidecar\Stripe\Observer\BeforeDocumentSave;
use Sidecar\Stripe\Publication\EventType;
use Sidecar\Stripe\Tests\ExampleRows;
use Sidecar\Stripe\Tests\Fake\Model;
use Sidecar\Stripe\Tests\TestDatabase;

final class DocumentEventsTest extends TestCase
{
    private Shop $shop;

    protected function setUp(): void
    {
        $this->shop = new Shop();
        $this->shop->database->delete(TestDatabase::PREFIX . 'sales_order');
    }

    public function testARefundThatIsToMoveMoneyIsNotOffline(): void
    {
        $told = $this->creditmemo(['do_transaction' => true], 'amount-only-eur-base-usd');
        self::assertFalse($told['offline']);
        self::assertSame('pi_3QExampleGauge0000001', $told['transaction_id']);
    }

    public function testRefundOfflineIsOffline(): void
    {
        self::assertTrue($this->creditmemo(['do_transaction' => false], 'amount-only-eur-base-usd')['offline']);
    }

    public function testAMemoThatNobodyAskedToRefundMovesNoMoney(): void
    {
        self::assertTrue($this->creditmemo([], 'amount-only-eur-base-usd')['offline']);
    }

    public function testAMemoThatWasMadeFromARefundNamesItAndIsNotOffline(): void
    {
        $told = $this->creditmemo(['do_transaction' => false], 'made-from-a-stripe-refund-kwd');
        self::assertSame('re_3QExampleOudOil000001', $told['stripe_refund']);
        self::assertFalse($told['offline']);
    }

    public function testATransactionThatIsNoRefundOfStripesIsNotTakenForOne(): void
    {
        $example = ExampleRows::read(EventType::CREDITMEMO_CREATED, 'amount-only-eur-base-usd');
        $told = $this->tell(['stripe_refund' => 'pi_3QExample-refund'] + $example, []);
        self::assertNull($told['stripe_refund']);
    }

    public function testLinesSayWhetherTheirGoodsComeBack(): void
    {
        $example = ExampleRows::read(EventType::CREDITMEMO_CREATED, 'one-item-with-adjustments');
        $line = new Model(['order_item_id' => $example['items'][0]['order_item_id'], 'back_to_stock' => '1']);
        self::assertTrue($this->tell($example, [], [$line])['items'][0]['back_to_stock']);
    }

    public function testALaterSaveOfAMemoIsNone(): void
    {
        $memo = new Model(['entity_id' => 9, 'order_id' => 1043]);
        $this->shop->dispatch(BeforeDocumentSave::class, ['data_object' => $memo]);
        $this->shop->dispatch(AfterCreditmemoSave::class, ['object' => $memo]);
        self::assertSame([], $this->shop->types());
    }

    public function testAShipmentIsToldWithTheSourceThatItComesFrom(): void
    {
        $extension = new class {
            public function getSourceCode(): string
            {
                return 'north';
            }
        };
        self::assertSame('north', $this->shipment($extension)['source_code']);
    }

    public function testAShopWithoutSourcesSendsItsGoodsAllTheSame(): void
    {
        self::assertNull($this->shipment(null)['source_code']);
    }

    private function creditmemo(array $data, string $example): array
    {
        return $this->tell(ExampleRows::read(EventType::CREDITMEMO_CREATED, $example), $data);
    }

    private function tell(array $example, array $data, array $items = []): array
    {
        unset($example['totals']['store_credit'], $example['base_totals']['store_credit']);
        $memo = new Model($data + ['order_id' => $example['order_id']]);
        $memo->items = $items;
        $this->shop->dispatch(BeforeDocumentSave::class, ['data_object' => $memo]);
        (new ExampleRows($this->shop->database))->creditmemo($example);
        $memo->setId($example['creditmemo_id']);
        $this->shop->dispatch(AfterCreditmemoSave::class, ['object' => $memo]);
        [$event] = $this->shop->written();
        self::assertSame("order/{$example['order_id']}", $event['entity_key'], 'it comes after what came of its order');
        return $event['message']['data'];
    }

    private function shipment(?object $extension): array
    {
        $example = ExampleRows::read(EventType::SHIPMENT_CREATED, 'whole-order-with-track');
        $shipment = new Model(['order_id' => $example['order_id']]);
        $shipment->extension = $extension;
        $this->shop->dispatch(BeforeDocumentSave::class, ['data_object' => $shipment]);
        (new ExampleRows($this->shop->database))->shipment($example);
        $shipment->setId($example['shipment_id']);
        $this->shop->dispatch(AfterShipmentSave::class, ['object' => $shipment]);
        [$event] = $this->shop->written();
        self::assertSame("order/{$example['order_id']}", $event['entity_key']);
        return $event['message']['data'];
    }
}
