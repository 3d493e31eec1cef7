<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Tests\WriteBack;

use Magento\Framework\Exception\NoSuchEntityException;
use PHPUnit\Framework\TestCase;
use Sidecar\Stripe\Tests\Fake\PaperOrders;
use Sidecar\Stripe\Tests\Fake\PdoResourceConnection;
use Sidecar\Stripe\Tests\TestDatabase;
use Sidecar\Stripe\WriteBack\NotNow;
use Sidecar\Stripe\WriteBack\OrderLock;
use Sidecar\Stripe\WriteBack\Standing;

final class OrderLockTest extends TestCase
{
    private PdoResourceConnection $resource;
    private OrderLock $lock;
    private int $orderId;

    protected function setUp(): void
    {
        TestDatabase::resetWithMagento();
        $this->resource = TestDatabase::resource();
        $this->lock = new OrderLock($this->resource);
        $orders = new PaperOrders($this->resource->getConnection(), TestDatabase::PREFIX);
        $this->orderId = $orders->place();
    }

    public function testWhatIsDoneIsSeenWhenAllOfItIsDone(): void
    {
        $given = $this->lock->holding($this->orderId, function (Standing $order): string {
            $this->setStatus($order->orderId, 'changed');
            self::assertSame('pending_payment', $this->statusForOthers());
            return $order->due;
        });
        self::assertSame('87.4800', $given);
        self::assertSame('changed', $this->statusForOthers());
    }

    public function testWhatFailsInTheMiddleLeavesNothing(): void
    {
        try {
            $this->lock->holding($this->orderId, function (): void {
                $this->setStatus($this->orderId, 'changed');
                throw new \DomainException('in the middle');
            });
            self::fail('the problem was kept back');
        } catch (\DomainException $problem) {
            self::assertSame('in the middle', $problem->getMessage());
        }
        self::assertSame('pending_payment', $this->statusForOthers());
        self::assertSame(0, $this->resource->getConnection()->getTransactionLevel());
    }

    public function testTransactionsThatWereLeftOpenInsideAreRolledBackToo(): void
    {
        try {
            $this->lock->holding($this->orderId, function (): void {
                $this->resource->getConnection()->beginTransaction();
                $this->setStatus($this->orderId, 'changed');
                throw new \DomainException('with a transaction left open');
            });
        } catch (\DomainException) {
            self::assertSame('pending_payment', $this->statusForOthers());
        }
        self::assertSame(0, $this->resource->getConnection()->getTransactionLevel());
        $this->lock->holding($this->orderId, fn () => $this->setStatus($this->orderId, 'changed'));
        self::assertSame('changed', $this->statusForOthers());
    }

    public function testAPartThatMagentoRolledBackInsideTakesTheRestWithIt(): void
    {
        try {
            $this->lock->holding($this->orderId, function (): void {
                $this->setStatus($this->orderId, 'changed');
                $this->resource->getConnection()->beginTransaction();
                $this->resource->getConnection()->rollBack();
            });
            self::fail('half of it was committed');
        } catch (\RuntimeException $problem) {
            self::assertStringContainsString('Rolled back transaction', $problem->getMessage());
        }
        self::assertSame('pending_payment', $this->statusForOthers());
    }

    public function testAnOrderThatIsNotThereIsMissing(): void
    {
        $this->expectException(NoSuchEntityException::class);
        $this->lock->holding(999999, static fn () => self::fail('there is nothing to do'));
    }

    public function testALockThatDoesNotComeIsNotNow(): void
    {
        $other = TestDatabase::connect();
        $other->beginTransaction();
        $other->query('SELECT 1 FROM mg_sales_order WHERE entity_id = ? FOR UPDATE', [$this->orderId]);
        $this->resource->getConnection()->query('SET SESSION innodb_lock_wait_timeout = 1');
        try {
            $this->lock->holding($this->orderId, static fn () => self::fail('the order is in use'));
            self::fail('nobody waited');
        } catch (NotNow $problem) {
            self::assertSame(503, $problem->getHttpCode());
        }
        $other->rollBack();
        self::assertSame('87.4800', $this->lock->holding($this->orderId, static fn (Standing $order) => $order->due));
    }

    public function testADeadlockIsNotNowAndLeavesNothing(): void
    {
        $orders = new PaperOrders(TestDatabase::connect(), TestDatabase::PREFIX);
        $second = $orders->place();
        $child = Worker::start('deadlock', $this->orderId, $second);
        $other = TestDatabase::connect();
        $other->beginTransaction();
        $other->query('SELECT 1 FROM mg_sales_order WHERE entity_id = ? FOR UPDATE', [$second]);
        // The server gives up the transaction that has changed less.
        for ($i = 0; $i < 50; $i++) {
            $other->insert('mg_sales_invoice', ['order_id' => $second]);
        }
        $child->go();
        self::waitUntil(static fn (): bool => (int) TestDatabase::connect()->fetchOne(
            'SELECT COUNT(*) FROM information_schema.processlist WHERE id <> CONNECTION_ID() AND info LIKE ?',
            ["%mg_sales_order WHERE entity_id = $second FOR UPDATE"]
        ) > 0);
        $other->query('SELECT 1 FROM mg_sales_order WHERE entity_id = ? FOR UPDATE', [$this->orderId]);
        $other->rollBack();
        self::assertSame(['503 The order is in use. Try again.', 'level 0'], $child->lines());
        self::assertSame('pending_payment', $this->statusForOthers());
    }

    private static function waitUntil(callable $condition): void
    {
        for ($deadline = microtime(true) + 30; !$condition();) {
            if (microtime(true) > $deadline) {
                self::fail('it did not happen');
            }
            usleep(20_000);
        }
    }

    private function setStatus(int $orderId, string $status): void
    {
        $this->resource->getConnection()->update(
            'mg_sales_order',
            ['status' => $status],
            ['entity_id = ?' => $orderId]
        );
    }

    private function statusForOthers(): string
    {
        return TestDatabase::connect()->fetchOne(
            'SELECT status FROM mg_sales_order WHERE entity_id = ?',
            [$this->orderId]
        );
    }
}
