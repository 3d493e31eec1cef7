<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Tests\Publication;

use Magento\Framework\Exception\NoSuchEntityException;
use PHPUnit\Framework\TestCase;
use Sidecar\Stripe\Publication\EventType;
use Sidecar\Stripe\Publication\RepublishOrder;
use Sidecar\Stripe\Tests\ExampleRows;

final class RepublishOrderTest extends TestCase
{
    private const ORDER = 'entity_id = 1043';

    public function testAnOrderIsToldAgainAsItIsNowUnderANewId(): void
    {
        $shop = new Shop();
        $republish = $shop->module->get(RepublishOrder::class);
        $answer = $republish->republish(1043);
        $republish->republish(1043);
        [$first, $second] = $shop->written();
        self::assertSame(['applied', 1043], [$answer->getOutcome(), $answer->getOrderId()]);
        self::assertSame([EventType::ORDER_PLACED, EventType::ORDER_PLACED], [$first['type'], $second['type']]);
        self::assertNotSame($first['event_id'], $second['event_id']);
    }

    public function testACancelledOrderIsToldToBeCancelled(): void
    {
        $shop = new Shop();
        $shop->set('sales_order', 'state', 'canceled', self::ORDER);
        $shop->set('sales_order', 'updated_at', '2026-11-23 12:00:00', self::ORDER);
        $shop->module->get(RepublishOrder::class)->republish(1043);
        self::assertSame([EventType::ORDER_PLACED, EventType::ORDER_CANCELED], $shop->types());
    }

    /**
     * @dataProvider memos
     */
    public function testACreditMemoIsToldAgainWithWhetherItsMoneyIsToMove(
        int $state,
        ?string $transaction,
        bool $offline
    ): void {
        $shop = new Shop();
        $memo = ExampleRows::read('magento.creditmemo.created.v1', 'one-item-with-adjustments');
        unset($memo['totals']['store_credit'], $memo['base_totals']['store_credit']);
        (new ExampleRows($shop->database))->creditmemo($memo);
        $id = $memo['creditmemo_id'];
        $shop->set('sales_creditmemo', 'order_id', '1043', "entity_id = $id");
        $shop->set('sales_creditmemo', 'state', (string) $state, "entity_id = $id");
        $shop->set('sales_creditmemo', 'transaction_id', $transaction, "entity_id = $id");
        $shop->module->get(RepublishOrder::class)->republish(1043);
        [, $event] = $shop->written();
        self::assertSame(
            [EventType::CREDITMEMO_CREATED, $offline, $transaction],
            [$event['type'], $event['message']['data']['offline'], $event['message']['data']['stripe_refund'] ?? null]
        );
    }

    /**
     * @return array<string, array{int, string|null, bool}>
     */
    public static function memos(): array
    {
        return [
            'its refund is waited for' => [1, null, false],
            'refunded offline' => [2, null, true],
            'refunded in Stripe' => [2, 're_3QxSidecarExample0001', false],
        ];
    }

    public function testAnOrderThatIsNotThereIsNotFound(): void
    {
        $this->expectException(NoSuchEntityException::class);
        (new Shop())->module->get(RepublishOrder::class)->republish(7);
    }
}
