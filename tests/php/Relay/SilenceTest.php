<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Tests\Relay;

use PhpAmqpLib\Message\AMQPMessage;
use PHPUnit\Framework\TestCase;
use Sidecar\Stripe\Outbox\State;
use Sidecar\Stripe\Relay\Deadline;
use Sidecar\Stripe\Relay\Relay;
use Sidecar\Stripe\Tests\TestBroker;
use Sidecar\Stripe\Tests\TestDatabase;

/**
 * A broker that takes messages and whose confirms do not arrive.
 */
final class SilenceTest extends TestCase
{
    public function testWithoutAConfirmAnEventIsNotPublishedAndIsTriedAgainByTheNextRelay(): void
    {
        TestDatabase::reset();
        $broker = new TestBroker();
        $broker->declareExchange();
        $broker->bind('all', '#');
        $line = new StallingLine();
        try {
            $scene = new Scene();
            $first = $scene->event('order/1');
            $relay = $scene->objects(['port' => $line->port])->get(Relay::class);
            self::assertSame(1, $relay->run(Deadline::in(10.0), 10)->published);

            $line->fallSilent();
            $second = $scene->event('order/1');
            $report = $relay->run(Deadline::in(0.3), 10);
            self::assertStringContainsString('did not answer', (string) $report->failure);
            self::assertSame([$first => State::PUBLISHED, $second => State::PENDING], $scene->states());
            self::assertNull($scene->rows()[1]['claimed_by'], 'nobody has to wait for a lease');

            self::assertSame(1, $scene->relay()->published);
            $ids = array_map(static fn (AMQPMessage $m): string => $m->get('message_id'), $broker->drain('all'));
            self::assertSame([$first, $second, $second], $ids);
        } finally {
            $line->end();
            $broker->removeAll();
        }
    }
}
