<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Tests\WriteBack;

use PHPUnit\Framework\TestCase;
use Sidecar\Stripe\Tests\Fake\PaperOrders;
use Sidecar\Stripe\Tests\TestDatabase;

final class AtOnceTest extends TestCase
{
    private const WORKERS = 6;
    private const ORDERS = 20;

    public function testOfRequestsThatComeAtOnceOneIsAppliedAndTheOthersFindItDone(): void
    {
        TestDatabase::resetWithMagento();
        $paper = new PaperOrders(TestDatabase::connect(), TestDatabase::PREFIX);
        $orders = array_map(static fn (): int => $paper->place(), range(1, self::ORDERS));
        $workers = array_map(
            static fn (int $number): Worker => Worker::start('capture', ...$orders),
            range(1, self::WORKERS)
        );
        foreach ($workers as $worker) {
            $worker->go();
        }
        $said = array_merge(...array_map(static fn (Worker $worker): array => $worker->lines(), $workers));
        $answers = array_count_values($said);
        foreach ($orders as $orderId) {
            $invoices = TestDatabase::connect()->fetchCol(
                'SELECT entity_id FROM mg_sales_invoice WHERE order_id = ?',
                [$orderId]
            );
            self::assertCount(1, $invoices);
            self::assertSame(1, $answers["applied $orderId $invoices[0] processing"] ?? 0);
            self::assertSame(self::WORKERS - 1, $answers["already_applied $orderId $invoices[0] processing"] ?? 0);
        }
        self::assertCount(self::WORKERS * self::ORDERS, $said);
    }
}
