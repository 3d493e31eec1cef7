<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Tests\Outbox;

use PHPUnit\Framework\TestCase;
use Sidecar\Stripe\Outbox\Backlog;
use Sidecar\Stripe\Outbox\Parked;
use Sidecar\Stripe\Outbox\Prune;
use Sidecar\Stripe\Outbox\Replay;
use Sidecar\Stripe\Outbox\Selection;
use Sidecar\Stripe\Outbox\State;
use Sidecar\Stripe\Tests\Relay\Scene;
use Sidecar\Stripe\Tests\TestDatabase;

/**
 * Looking into the outbox, and putting it in order.
 */
final class CareTest extends TestCase
{
    private const DAY = 86_400_000_000;

    private Scene $scene;

    protected function setUp(): void
    {
        TestDatabase::reset();
        $this->scene = new Scene();
    }

    public function testAnEmptyOutboxHasNoBacklog(): void
    {
        $report = $this->scene->objects()->get(Backlog::class)->now();
        self::assertSame([0, 0, 0, 0, null], [
            $report->pending,
            $report->parked,
            $report->heldBack,
            $report->refused,
            $report->oldestSeconds,
        ]);
    }

    public function testTheBacklogCountsWhatWaitsAndWhatHoldsItBack(): void
    {
        $this->published('order/1', days: 1);
        $parked = $this->scene->event('order/2');
        $this->set($parked, ['state' => State::PARKED, 'last_error' => 'no message']);
        $this->scene->event('order/2');
        $refused = $this->scene->event('order/3');
        $this->set($refused, ['attempts' => 2]);
        $old = $this->scene->event('order/4');
        $this->ago($old, 'created_at', 90_000_000);
        $report = $this->scene->objects()->get(Backlog::class)->now();
        self::assertSame([3, 1, 1, 1], [$report->pending, $report->parked, $report->heldBack, $report->refused]);
        self::assertEqualsWithDelta(90.0, $report->oldestSeconds, 30.0);
        $shown = $this->scene->objects()->get(Parked::class)->oldest(20);
        self::assertSame([['order/2', 'no message']], array_map(
            static fn (array $row): array => [$row['entity_key'], $row['reason']],
            $shown
        ));
    }

    public function testAClockThatWasPutBackMakesNoAgeBelowZero(): void
    {
        $this->ago($this->scene->event('order/1'), 'created_at', -90_000_000);
        self::assertSame(0.0, $this->scene->objects()->get(Backlog::class)->now()->oldestSeconds);
    }

    public function testAnyNumberOfDaysMayBeAskedFor(): void
    {
        $this->published('order/1', days: 15);
        self::assertSame(0, $this->scene->objects()->get(Prune::class)->run(9_999_999));
    }

    public function testOnlyWhatWasPublishedLongAgoIsPruned(): void
    {
        $this->published('order/1', days: 15);
        $young = $this->published('order/2', days: 13);
        $pending = $this->scene->event('order/3');
        $this->ago($pending, 'created_at', 30 * self::DAY);
        $parked = $this->scene->event('order/4');
        $this->ago($parked, 'created_at', 30 * self::DAY);
        $this->set($parked, ['state' => State::PARKED]);
        $prune = $this->scene->objects()->get(Prune::class);
        self::assertSame([1, 1, 0], [$prune->count(14), $prune->run(14), $prune->run(14)]);
        self::assertSame([$young, $pending, $parked], array_column($this->scene->rows(), 'event_id'));
    }

    public function testMoreThanOneStatementsWorthIsPruned(): void
    {
        $connection = $this->scene->resource->getConnection();
        foreach (array_chunk(range(1, 2500), 500) as $numbers) {
            $connection->insertMultiple($this->scene->table(), array_map(static fn (int $number): array => [
                'event_id' => "e-$number",
                'type' => 't',
                'entity_key' => "order/$number",
                'body' => '{}',
                'created_at' => 1,
                'state' => State::PUBLISHED,
                'published_at' => 1,
            ], $numbers));
        }
        self::assertSame(2500, $this->scene->objects()->get(Prune::class)->run(14));
    }

    public function testEventsAreFoundByAnyOfTheWaysToNameThem(): void
    {
        $old = $this->published('order/1', days: 3);
        $new = $this->published('order/1', days: 0);
        $other = $this->published('order/2', days: 3);
        $this->ago($old, 'created_at', 3 * self::DAY);
        $this->ago($other, 'created_at', 3 * self::DAY);
        $parked = $this->scene->event('order/3');
        $this->set($parked, ['state' => State::PARKED]);
        $this->scene->event('order/3'); // pending anyway
        $replay = $this->scene->objects()->get(Replay::class);
        $found = static fn (Selection $s): array => array_column($replay->find($s), 'event_id');
        $id = (int) array_column($this->scene->rows(), 'id', 'event_id')[$other];
        self::assertSame([$old, $new], $found(new Selection(entityKey: 'order/1')));
        self::assertSame([$other], $found(new Selection(ids: [$id])));
        self::assertSame([$parked], $found(new Selection(state: State::PARKED)));
        self::assertSame([$new, $parked], $found(new Selection(since: (int) (microtime(true) * 1e6) - self::DAY)));
        self::assertSame([$new], $found(new Selection(
            entityKey: 'order/1',
            since: (int) (microtime(true) * 1e6) - self::DAY
        )));
    }

    public function testAReplayedEventKeepsItsIdAndItsBody(): void
    {
        $event = $this->published('order/1', days: 3);
        $before = $this->scene->rows()[0];
        $replay = $this->scene->objects()->get(Replay::class);
        self::assertNull($replay->one((int) $before['id']));
        $after = $this->scene->rows()[0];
        self::assertSame([$event, $before['body'], State::PENDING, null], [
            $after['event_id'],
            $after['body'],
            $after['state'],
            $after['published_at'],
        ]);
        self::assertNotNull($replay->one(1 + (int) $before['id']), 'there is none');
    }

    private function published(string $entityKey, int $days): string
    {
        $event = $this->scene->event($entityKey);
        $this->set($event, ['state' => State::PUBLISHED]);
        $this->ago($event, 'published_at', $days * self::DAY);
        return $event;
    }

    private function set(string $event, array $values): void
    {
        $this->scene->resource->getConnection()->update($this->scene->table(), $values, ['event_id = ?' => $event]);
    }

    private function ago(string $event, string $column, int $microseconds): void
    {
        $this->scene->resource->getConnection()->query(
            "UPDATE {$this->scene->table()} SET $column = CAST(UNIX_TIMESTAMP(NOW(6)) * 1000000 AS UNSIGNED) - ?"
            . ' WHERE event_id = ?',
            [$microseconds, $event]
        );
    }
}
