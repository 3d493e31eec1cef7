<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Tests\Outbox;

use PHPUnit\Framework\TestCase;
use Sidecar\Stripe\Outbox\Event;
use Sidecar\Stripe\Outbox\Outbox;
use Sidecar\Stripe\Outbox\State;
use Sidecar\Stripe\Outbox\Unsettled;
use Sidecar\Stripe\Publication\Happening;
use Sidecar\Stripe\Tests\Fake\CountedWake;
use Sidecar\Stripe\Tests\Fake\PdoResourceConnection;
use Sidecar\Stripe\Tests\TestDatabase;

final class OutboxTest extends TestCase
{
    private PdoResourceConnection $resource;
    private CountedWake $wake;
    private Outbox $outbox;

    protected function setUp(): void
    {
        TestDatabase::reset();
        $this->resource = TestDatabase::resource();
        $this->wake = new CountedWake();
        $this->outbox = new Outbox($this->resource, new Unsettled($this->resource), $this->wake);
    }

    public function testAnEventIsSeenByOthersWhenItsTransactionIsCommitted(): void
    {
        $this->resource->getConnection()->beginTransaction();
        $this->outbox->append($this->event('e-1'));
        self::assertSame([], $this->rows());
        $this->resource->getConnection()->commit();
        $rows = $this->rows();
        self::assertSame(['e-1', 'order/42', '{"id": "e-1"}', State::PENDING], [
            $rows[0]['event_id'],
            $rows[0]['entity_key'],
            $rows[0]['body'],
            $rows[0]['state'],
        ]);
        self::assertEqualsWithDelta(microtime(true), (int) $rows[0]['created_at'] / 1e6, 60);
    }

    public function testAnEventGoesWithTheTransactionThatIsRolledBack(): void
    {
        $this->resource->getConnection()->beginTransaction();
        $this->outbox->append($this->event('e-1'));
        $this->resource->getConnection()->rollBack();
        self::assertSame([], $this->rows());
    }

    public function testAnEventThatCouldNotBeMadeIsKeptWithTheReasonAndWithWhatItTakesToMakeIt(): void
    {
        $happening = Happening::ofOrder('magento.order.canceled.v1', 42, ['reason' => 'cron']);
        $this->outbox->append(Event::unfinished('e-1', $happening, 'no billing address'));
        $row = $this->rows()[0];
        self::assertSame([State::PARKED, 'no billing address'], [$row['state'], $row['last_error']]);
        self::assertEquals($happening, Event::unfinishedHappening($row['type'], $row['entity_key'], $row['body']));
    }

    public function testEachEventCallsForTheRelay(): void
    {
        $this->outbox->append($this->event('e-1'));
        $this->outbox->append($this->event('e-2'));
        self::assertSame(2, $this->wake->calls);
    }

    private function event(string $id): Event
    {
        return Event::finished($id, 'magento.order.placed.v1', 'order/42', sprintf('{"id": "%s"}', $id));
    }

    /**
     * What another connection sees.
     *
     * @return list<array<string, string|null>>
     */
    private function rows(): array
    {
        $table = TestDatabase::PREFIX . Outbox::TABLE;
        return TestDatabase::connect()->fetchAll("SELECT * FROM $table ORDER BY id");
    }
}
