<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Tests\Relay;

use PHPUnit\Framework\TestCase;
use Sidecar\Stripe\Outbox\State;
use Sidecar\Stripe\Relay\AfterResponse;
use Sidecar\Stripe\Relay\Breaker;
use Sidecar\Stripe\Tests\TestBroker;
use Sidecar\Stripe\Tests\TestDatabase;

/**
 * A request may lose its time budget to a broker that is away, and no more.
 *
 * That a request is not held up is the one thing here that is about time. The bound is far above the budget and far
 * below what the library would wait by itself.
 */
final class BrokerAwayTest extends TestCase
{
    private const BUDGET = 0.15;
    private const BOUND = 2.0;

    private Scene $scene;

    protected function setUp(): void
    {
        TestDatabase::reset();
        $this->scene = new Scene();
    }

    /**
     * @return array<string, array{callable(): array<string, mixed>, string}>
     */
    public function ways(): array
    {
        return [
            'nobody listens' => [static fn (): array => ['port' => DeafServer::closedPort()], 'refused'],
            'nobody answers' => [
                static function (): array {
                    self::$deaf = new DeafServer();
                    return ['port' => self::$deaf->port];
                },
                'did not answer in time',
            ],
            'the password is wrong' => [static fn (): array => ['password' => 'sesame'], 'ACCESS_REFUSED'],
            'the virtual host is missing' => [static fn (): array => ['virtualhost' => '/nowhere'], 'vhost'],
        ];
    }

    private static ?DeafServer $deaf = null;

    /**
     * @dataProvider ways
     */
    public function testARelayGivesUpInTimeAndKeepsTheEvents(callable $broker, string $said): void
    {
        $this->scene->event('order/42');
        $begun = microtime(true);
        $report = $this->scene->relay($broker(), self::BUDGET);
        self::assertLessThan(self::BOUND, microtime(true) - $begun);
        self::assertStringContainsStringIgnoringCase($said, (string) $report->failure);
        self::assertStringNotContainsString('sesame', (string) $report->failure);
        $row = $this->scene->rows()[0];
        self::assertSame([State::PENDING, '0', null], [$row['state'], $row['attempts'], $row['claimed_by']]);
    }

    public function testTheBrokerIsLeftAloneForGrowingTimesAndOneRequestInEachPays(): void
    {
        $workers = [$this->scene->objects(), $this->scene->objects()];
        $breakers = array_map(static fn ($objects): Breaker => $objects->get(Breaker::class), $workers);
        self::assertTrue($breakers[0]->letsTry());
        $breakers[0]->failed('away');
        $waits = [$this->wait()];
        foreach (range(1, 3) as $round) {
            self::assertFalse($breakers[1]->letsTry(), 'during the wait');
            $this->waitIsOver();
            self::assertTrue($breakers[1]->letsTry(), 'the first after it');
            self::assertFalse($breakers[0]->letsTry(), 'and no other');
            $breakers[1]->failed('away');
            $waits[] = $this->wait();
        }
        // Twice as long each time, a fifth more or less.
        foreach ([5, 10, 20, 40] as $number => $seconds) {
            self::assertGreaterThan($seconds * 0.75, $waits[$number]);
            self::assertLessThan($seconds * 1.25, $waits[$number]);
        }
        $breakers[0]->succeeded();
        self::assertTrue($breakers[1]->letsTry());
        self::assertTrue($breakers[0]->letsTry());
    }

    public function testAFailureAfterARequestIsLoggedOnceAndOtherRequestsDoNotTry(): void
    {
        $this->scene->event('order/42');
        $away = ['port' => DeafServer::closedPort()];
        $this->scene->objects($away)->get(AfterResponse::class)->run();
        $this->scene->objects($away)->get(AfterResponse::class)->run();
        self::assertCount(1, $this->scene->log->lines);
        self::assertStringContainsString('events wait in the outbox', $this->scene->log->lines[0]);
        self::assertSame('1', $this->failures());
    }

    public function testTheBrokerIsTriedOnceWhenTheRequestIsOver(): void
    {
        exec(escapeshellarg(PHP_BINARY) . ' ' . escapeshellarg(__DIR__ . '/ending_request.php'), $lines, $code);
        self::assertSame(0, $code);
        self::assertSame(['the answer is made', 'the session is written'], array_slice($lines, 0, 2));
        self::assertCount(3, $lines);
        self::assertStringStartsWith('warning: sidecar: events wait in the outbox', $lines[2]);
    }

    public function testARequestWhoseTransactionIsOpenPublishesNothing(): void
    {
        $objects = $this->scene->objects(['port' => DeafServer::closedPort()]);
        $objects->get(\Magento\Framework\App\ResourceConnection::class)->getConnection()->beginTransaction();
        $this->scene->event('order/42');
        $objects->get(AfterResponse::class)->run();
        self::assertSame([], $this->scene->log->lines);
    }

    public function testABudgetOfNothingLeavesAllToCron(): void
    {
        $this->scene->event('order/42');
        $this->scene->settings->set('sidecar_stripe/relay/after_commit_budget_ms', '0');
        $this->scene->objects(['port' => DeafServer::closedPort()])->get(AfterResponse::class)->run();
        self::assertSame([], $this->scene->log->lines);
    }

    public function testARequestPublishesItsEventsWhenTheBrokerIsThere(): void
    {
        $broker = new TestBroker();
        $broker->declareExchange();
        $broker->bind('all', '#');
        try {
            $this->scene->settings->set('sidecar_stripe/relay/after_commit_budget_ms', '5000');
            $this->scene->event('order/42');
            $this->scene->objects()->get(AfterResponse::class)->run();
            self::assertCount(1, $broker->drain('all'));
            self::assertSame([], $this->scene->log->lines);
        } finally {
            $broker->removeAll();
        }
    }

    private function failures(): string
    {
        return $this->scene->resource->getConnection()->fetchOne(
            'SELECT failures FROM ' . TestDatabase::PREFIX . 'sidecar_relay'
        );
    }

    /** Seconds that the broker is left alone for, from now. */
    private function wait(): float
    {
        return (float) $this->scene->resource->getConnection()->fetchOne(
            'SELECT retry_at / 1000000 - UNIX_TIMESTAMP(NOW(6)) FROM ' . TestDatabase::PREFIX . 'sidecar_relay'
        );
    }

    private function waitIsOver(): void
    {
        $this->scene->resource->getConnection()->query(
            'UPDATE ' . TestDatabase::PREFIX . 'sidecar_relay SET retry_at = 0'
        );
    }
}
