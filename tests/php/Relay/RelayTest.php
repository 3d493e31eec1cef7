<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Tests\Relay;

use PhpAmqpLib\Message\AMQPMessage;
use PHPUnit\Framework\TestCase;
use Sidecar\Stripe\Outbox\State;
use Sidecar\Stripe\Tests\TestBroker;
use Sidecar\Stripe\Tests\TestDatabase;

final class RelayTest extends TestCase
{
    private TestBroker $broker;
    private Scene $scene;

    protected function setUp(): void
    {
        TestDatabase::reset();
        $this->scene = new Scene();
        $this->broker = new TestBroker();
        $this->broker->declareExchange();
        $this->broker->bind('all', '#');
    }

    protected function tearDown(): void
    {
        $this->broker->removeAll();
    }

    public function testAMessageIsWhatTheSidecarExpects(): void
    {
        $id = $this->scene->event('order/42');
        $this->scene->relay();
        [$message] = $this->broker->drain('all');
        self::assertSame($this->scene->rows()[0]['body'], $message->getBody());
        self::assertSame('order.placed.v1', $message->getRoutingKey());
        $properties = $message->get_properties();
        self::assertSame(
            ['traceparent' => '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'],
            $properties['application_headers']->getNativeData()
        );
        unset($properties['application_headers']);
        ksort($properties);
        self::assertSame([
            'content_type' => 'application/cloudevents+json',
            'delivery_mode' => AMQPMessage::DELIVERY_MODE_PERSISTENT,
            'message_id' => $id,
            'type' => 'magento.order.placed.v1',
        ], $properties);
    }

    public function testWhatIsConfirmedIsMarkedAndNotPublishedAgain(): void
    {
        $this->scene->event('order/42');
        self::assertSame(1, $this->scene->relay()->published);
        $row = $this->scene->rows()[0];
        self::assertSame([State::PUBLISHED, null, null], [$row['state'], $row['claimed_by'], $row['claimed_until']]);
        self::assertGreaterThanOrEqual((int) $row['created_at'], (int) $row['published_at']);
        $this->scene->later();
        self::assertSame(0, $this->scene->relay()->published);
        self::assertCount(1, $this->broker->drain('all'));
    }

    public function testTheEventsOfAnOrderAreBroughtInTheirOrderAndManyOrdersAtOnce(): void
    {
        $ids = [];
        foreach (range(1, 3) as $round) {
            foreach (range(1, 70) as $order) {
                $ids["order/$order"][] = $this->scene->event("order/$order");
            }
        }
        self::assertSame(210, $this->scene->relay()->published);
        $arrived = array_map(static fn (AMQPMessage $m): string => $m->get('message_id'), $this->broker->drain('all'));
        self::assertCount(210, $arrived);
        foreach ($ids as $expected) {
            self::assertSame($expected, array_values(array_intersect($arrived, $expected)));
        }
    }

    public function testNoMoreThanTheLimitArePublished(): void
    {
        foreach (range(1, 5) as $order) {
            $this->scene->event("order/$order");
        }
        self::assertSame(3, $this->scene->relay(limit: 3)->published);
        self::assertCount(3, $this->broker->drain('all'));
    }

    public function testAnEventThatNoQueueTakesIsKeptAndSaysWhatToDo(): void
    {
        $this->broker->removeAll();
        $this->broker = new TestBroker();
        $this->broker->declareExchange();
        $this->broker->bind('cancelled', 'order.canceled.v1');
        $placed = $this->scene->event('order/42');
        $canceled = $this->scene->event('order/42', 'magento.order.canceled.v1');
        $other = $this->scene->event('order/43', 'magento.order.canceled.v1');
        $report = $this->scene->relay();
        self::assertSame([1, 1, null], [$report->published, $report->refused, $report->failure]);
        // What comes after it, though a queue would take it, waits for it.
        self::assertSame(
            [$placed => State::PENDING, $canceled => State::PENDING, $other => State::PUBLISHED],
            $this->scene->states()
        );
        $row = $this->scene->rows()[0];
        self::assertStringContainsString('sidecar topology apply', $row['last_error']);
        self::assertSame('1', $row['attempts']);
        self::assertGreaterThan((int) $row['created_at'], (int) $row['available_at']);

        $this->broker->bind('all', '#');
        self::assertSame(0, $this->scene->relay()->published, 'it waits before it is tried again');
        $this->scene->later();
        self::assertSame(2, $this->scene->relay()->published);
        self::assertSame([$placed, $canceled], $this->ids('all'));
    }

    public function testWithoutTheExchangeNothingIsCountedAgainstTheEvents(): void
    {
        $this->broker->removeAll();
        $this->broker = new TestBroker();
        $this->scene->event('order/42');
        $report = $this->scene->relay();
        self::assertStringContainsString('sidecar topology apply', (string) $report->failure);
        $row = $this->scene->rows()[0];
        self::assertSame([State::PENDING, '0', null], [$row['state'], $row['attempts'], $row['claimed_by']]);
        $this->broker->declareExchange();
        $this->broker->bind('all', '#');
        self::assertSame(1, $this->scene->relay()->published);
    }

    public function testABodyThatIsNoMessageIsParkedAndHoldsBackOnlyItsOrder(): void
    {
        $broken = $this->scene->event('order/42', body: '{"half": ');
        $later = $this->scene->event('order/42');
        $other = $this->scene->event('order/43');
        $report = $this->scene->relay();
        self::assertSame([1, 1], [$report->published, $report->parked]);
        self::assertSame(
            [$broken => State::PARKED, $later => State::PENDING, $other => State::PUBLISHED],
            $this->scene->states()
        );
        self::assertNotNull($this->scene->rows()[0]['last_error']);
    }

    public function testABodyOfAnotherEventIsParked(): void
    {
        $this->scene->event('order/42', body: '{"id": "x", "type": "magento.order.placed.v1", "data": {}}');
        self::assertSame(1, $this->scene->relay()->parked);
    }

    public function testAnEventThatWaitsForMoreIsLeftAlone(): void
    {
        $this->scene->event('order/42');
        $table = $this->scene->table();
        $this->scene->resource->getConnection()->query(
            "UPDATE $table SET available_at = CAST(UNIX_TIMESTAMP(NOW(6)) * 1000000 AS UNSIGNED) + 60000000"
        );
        self::assertSame(0, $this->scene->relay()->published);
    }

    /**
     * @return list<string>
     */
    private function ids(string $queue): array
    {
        return array_map(static fn (AMQPMessage $m): string => $m->get('message_id'), $this->broker->drain($queue));
    }
}
