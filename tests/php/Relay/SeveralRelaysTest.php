<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Tests\Relay;

use Magento\Framework\App\ResourceConnection;
use PhpAmqpLib\Message\AMQPMessage;
use PHPUnit\Framework\TestCase;
use Sidecar\Stripe\Outbox\State;
use Sidecar\Stripe\Relay\ClaimAsTheDatabaseCan;
use Sidecar\Stripe\Relay\Claimed;
use Sidecar\Stripe\Relay\ClaimBySkipLocked;
use Sidecar\Stripe\Relay\ClaimByToken;
use Sidecar\Stripe\Tests\TestBroker;
use Sidecar\Stripe\Tests\TestDatabase;

final class SeveralRelaysTest extends TestCase
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

    public function ways(): array
    {
        return ['skip locked' => ['skip_locked', ClaimBySkipLocked::class], 'token' => ['token', ClaimByToken::class]];
    }

    /**
     * @dataProvider ways
     */
    public function testRelaysSideBySidePublishEachEventOnceAndEachOrdersInTheirOrder(string $way): void
    {
        $expected = [];
        foreach (range(1, 6) as $round) {
            foreach (range(1, 40) as $order) {
                $expected["order/$order"][] = $this->scene->event("order/$order");
            }
        }
        $relays = array_map(fn (): array => $this->start($way, '7'), range(1, 3));
        $published = array_map(fn (array $relay): int => (int) $this->said($relay), $relays);
        self::assertSame(240, array_sum($published));
        self::assertGreaterThan(1, count(array_filter($published)), 'more than one had something to do');
        $arrived = $this->arrived();
        self::assertCount(240, $arrived);
        foreach ($expected as $ids) {
            self::assertSame($ids, array_values(array_intersect($arrived, $ids)));
        }
    }

    /**
     * @dataProvider ways
     */
    public function testARelayThatDiesBetweenConfirmAndMarkMakesADuplicateAndNoLoss(string $way): void
    {
        $first = $this->scene->event('order/42');
        $second = $this->scene->event('order/42');
        $this->said($this->start($way, '10', 'die'));
        self::assertSame([$first => State::PENDING, $second => State::PENDING], $this->scene->states());
        self::assertSame(0, $this->scene->relay()->published, 'the dead one has them until its lease is over');
        $this->scene->later();
        self::assertSame(2, $this->scene->relay()->published);
        self::assertSame([$first, $first, $second], $this->arrived());
    }

    /**
     * @dataProvider ways
     */
    public function testOfAnOrderNoSecondEventIsTakenInHandWhileTheFirstIs(string $way, string $class): void
    {
        $first = $this->scene->event('order/1');
        $this->scene->event('order/1');
        $other = $this->scene->event('order/2');
        $claims = [$this->scene->objects()->get($class), $this->scene->objects()->get($class)];
        $ids = static fn (array $claimed): array => array_map(static fn (Claimed $c): string => $c->eventId, $claimed);
        self::assertSame([$first, $other], $ids($claims[0]->next(10, 60)));
        self::assertSame([], $ids($claims[1]->next(10, 60)));
    }

    public function testAnEventThatAnotherHasLockedIsPassedOver(): void
    {
        $locked = $this->scene->event('order/1');
        $free = $this->scene->event('order/2');
        $other = TestDatabase::connect();
        $other->beginTransaction();
        $other->fetchAll("SELECT id FROM {$this->scene->table()} WHERE event_id = ? FOR UPDATE", [$locked]);
        $claimed = $this->scene->objects()->get(ClaimBySkipLocked::class)->next(10, 60);
        $other->rollBack();
        self::assertSame([$free], array_map(static fn (Claimed $event): string => $event->eventId, $claimed));
    }

    public function testAClaimHoldsUpNobodyWhoWritesEvents(): void
    {
        $this->scene->event('order/1');
        $claiming = $this->scene->objects();
        $connection = $claiming->get(ResourceConnection::class)->getConnection();
        $connection->beginTransaction(); // the claim's own transaction is within this one, and so its locks stay
        self::assertCount(1, $claiming->get(ClaimBySkipLocked::class)->next(10, 60));
        $this->scene->event('order/1');
        $this->scene->event('order/2');
        $connection->rollBack();
        self::assertCount(3, $this->scene->rows());
    }

    public function testADatabaseIsAskedForWhatItCan(): void
    {
        $scene = $this->scene->objects();
        self::assertTrue($scene->get(ClaimAsTheDatabaseCan::class)->skipsLocked());
    }

    public function testTheFallbackIsUsedWhereTheDatabaseRefusesTheBetterWay(): void
    {
        $id = $this->scene->event('order/1');
        $old = new OldDatabase(TestDatabase::resource());
        $claim = $this->scene->objects([], [ResourceConnection::class => $old])->get(ClaimAsTheDatabaseCan::class);
        self::assertFalse($claim->skipsLocked());
        self::assertSame([$id], array_map(static fn (Claimed $event): string => $event->eventId, $claim->next(10, 60)));
    }

    /**
     * @return list<string> ids, in the order of their coming
     */
    private function arrived(): array
    {
        return array_map(static fn (AMQPMessage $m): string => $m->get('message_id'), $this->broker->drain('all'));
    }

    /**
     * @return array{resource, array<int, resource>}
     */
    private function start(string ...$arguments): array
    {
        $pipes = [];
        $process = proc_open(
            [PHP_BINARY, __DIR__ . '/relay_process.php', ...$arguments],
            [1 => ['pipe', 'w'], 2 => ['pipe', 'w']],
            $pipes
        );
        return [$process, $pipes];
    }

    /**
     * What a relay said, once it has ended.
     *
     * @param array{resource, array<int, resource>} $relay
     */
    private function said(array $relay): string
    {
        [$process, $pipes] = $relay;
        $said = stream_get_contents($pipes[1]);
        self::assertSame('', stream_get_contents($pipes[2]));
        proc_close($process);
        return $said;
    }
}
