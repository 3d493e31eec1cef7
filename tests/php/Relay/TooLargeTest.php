<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Tests\Relay;

use PHPUnit\Framework\TestCase;
use Sidecar\Stripe\Outbox\State;
use Sidecar\Stripe\Relay\Deadline;
use Sidecar\Stripe\Relay\Line;
use Sidecar\Stripe\Relay\Relay;
use Sidecar\Stripe\Tests\TestDatabase;

final class TooLargeTest extends TestCase
{
    public function testOfManyMessagesTheOneThatTheBrokerRefusesIsFoundAndParked(): void
    {
        TestDatabase::reset();
        $scene = new Scene();
        $before = $scene->event('order/1');
        $large = $scene->event('order/2');
        $after = $scene->event('order/3');
        $table = $scene->table();
        $body = sprintf("REPLACE(body, 'main', '%s')", str_repeat('x', 5000));
        $scene->resource->getConnection()->query("UPDATE $table SET body = $body WHERE event_id = ?", [$large]);
        $report = $scene->objects([], [Line::class => new FussyLine(2000)])->get(Relay::class)
            ->run(Deadline::in(10.0), 10);
        self::assertSame([2, 1, null], [$report->published, $report->parked, $report->failure]);
        self::assertSame(
            [$before => State::PUBLISHED, $large => State::PARKED, $after => State::PUBLISHED],
            $scene->states()
        );
        self::assertStringContainsString('larger', (string) $scene->rows()[1]['last_error']);
    }
}
