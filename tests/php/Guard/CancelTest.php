<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Tests\Guard;

use Magento\Framework\Exception\LocalizedException;
use Magento\Sales\Api\OrderManagementInterface;
use Magento\Sales\Model\CronJob\CleanExpiredOrders;
use PHPUnit\Framework\TestCase;
use Sidecar\Stripe\Plugin\CancelUnderLock;
use Sidecar\Stripe\Plugin\KeepWaitingOrder;
use Sidecar\Stripe\Plugin\NotePendingOrderCron;
use Sidecar\Stripe\Tests\Fake\PaperShop;
use Sidecar\Stripe\Tests\Fake\PdoAdapter;
use Sidecar\Stripe\Tests\TestDatabase;
use Sidecar\Stripe\Tests\WriteBack\Exchange;
use Sidecar\Stripe\WriteBack\NotNow;

/**
 * Who may cancel an order whose payment may still land.
 */
final class CancelTest extends TestCase
{
    private PaperShop $shop;
    private int $orderId;

    /** @var list<int> the orders that Magento itself was let cancel */
    private array $canceled = [];

    /** Another request, which holds the order. */
    private ?PdoAdapter $elsewhere = null;

    protected function setUp(): void
    {
        TestDatabase::resetWithMagento();
        $this->shop = new PaperShop(TestDatabase::resource());
        $this->orderId = $this->place('sidecar_stripe');
    }

    protected function tearDown(): void
    {
        $this->elsewhere?->rollBack();
    }

    public function testMagentosCronLeavesAWaitingOrderAlone(): void
    {
        $other = $this->place('checkmo');
        $this->cron($this->orderId, $other);
        self::assertSame([$other], $this->canceled);
    }

    public function testAPersonAndTheSidecarMayCancelIt(): void
    {
        $this->cron();
        self::assertTrue($this->cancel($this->orderId));
        self::assertSame([$this->orderId], $this->canceled);
    }

    public function testAfterTheLongestWaitTheCronMayCancelIt(): void
    {
        $this->shop->settings->set('sidecar_stripe/orders/longest_wait_minutes', '1');
        TestDatabase::connect()->query('UPDATE mg_sales_order SET updated_at = NOW() - INTERVAL 1 HOUR');
        $this->cron($this->orderId);
        self::assertSame([$this->orderId], $this->canceled);
    }

    public function testACronThatFailsIsOverToo(): void
    {
        try {
            $this->shop->get(NotePendingOrderCron::class)->aroundExecute(
                $this->createStub(CleanExpiredOrders::class),
                static fn () => throw new \DomainException('the cron failed')
            );
        } catch (\DomainException) {
            self::assertTrue($this->cancel($this->orderId));
        }
    }

    public function testAnOrderThatWasPaidSinceItWasLoadedIsNotCancelled(): void
    {
        $this->shop->orders->get($this->orderId);
        $other = new PaperShop(TestDatabase::resource());
        self::assertSame(200, Exchange::all()['capture-applied']->play($other, $this->orderId)[0]);
        try {
            $this->cancel($this->orderId);
            self::fail('it was cancelled over its invoice');
        } catch (LocalizedException $problem) {
            self::assertStringContainsString('has changed meanwhile', $problem->getMessage());
        }
        self::assertSame([], $this->canceled);
    }

    public function testAnOrderThatIsInUseIsNotCancelled(): void
    {
        $this->holdElsewhere();
        $this->expectException(NotNow::class);
        $this->cancel($this->orderId);
    }

    public function testTheCronGoesOnBehindAnOrderThatIsInUse(): void
    {
        $this->shop->settings->set('sidecar_stripe/orders/longest_wait_minutes', '1');
        TestDatabase::connect()->query('UPDATE mg_sales_order SET updated_at = NOW() - INTERVAL 1 HOUR');
        $other = $this->place('checkmo');
        $this->holdElsewhere();
        $this->cron($this->orderId, $other);
        self::assertSame([$other], $this->canceled);
    }

    private function holdElsewhere(): void
    {
        $this->elsewhere = TestDatabase::connect();
        $this->elsewhere->beginTransaction();
        $this->elsewhere->query('SELECT 1 FROM mg_sales_order WHERE entity_id = ? FOR UPDATE', [$this->orderId]);
        $this->shop->resource->getConnection()->query('SET SESSION innodb_lock_wait_timeout = 1');
    }

    private function place(string $method): int
    {
        $orderId = $this->shop->orders->place();
        TestDatabase::connect()->insert('mg_sales_order_payment', ['parent_id' => $orderId, 'method' => $method]);
        return $orderId;
    }

    private function cron(int ...$orderIds): void
    {
        $this->shop->get(NotePendingOrderCron::class)->aroundExecute(
            $this->createStub(CleanExpiredOrders::class),
            fn () => array_map($this->cancel(...), $orderIds)
        );
    }

    private function cancel(int $orderId): bool
    {
        $magento = $this->createStub(OrderManagementInterface::class);
        $cancel = function (int $orderId): bool {
            $this->canceled[] = $orderId;
            return true;
        };
        return $this->shop->get(KeepWaitingOrder::class)->aroundCancel(
            $magento,
            fn (int $orderId): bool => $this->shop->get(CancelUnderLock::class)->aroundCancel(
                $magento,
                $cancel,
                $orderId
            ),
            $orderId
        );
    }
}
