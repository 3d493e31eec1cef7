<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Tests\Console;

use PHPUnit\Framework\TestCase;
use Sidecar\Stripe\Console\ExitCode;
use Sidecar\Stripe\Console\PruneCommand;
use Sidecar\Stripe\Console\RelayCommand;
use Sidecar\Stripe\Console\ReplayCommand;
use Sidecar\Stripe\Console\StatusCommand;
use Sidecar\Stripe\Outbox\State;
use Sidecar\Stripe\Tests\Relay\DeafServer;
use Sidecar\Stripe\Tests\Relay\Scene;
use Sidecar\Stripe\Tests\TestBroker;
use Sidecar\Stripe\Tests\TestDatabase;
use Symfony\Component\Console\Tester\CommandTester;

final class CommandsTest extends TestCase
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

    public function testRelayOncePublishesWhatIsDueAndEnds(): void
    {
        $this->scene->event('order/1');
        $this->scene->event('order/1');
        [$code, $said] = $this->call(RelayCommand::class, ['--once' => true, '--json' => true]);
        self::assertSame(ExitCode::WELL, $code);
        $told = ['published' => 2, 'refused' => 0, 'parked' => 0, 'failure' => null];
        self::assertSame($told, json_decode($said, true));
        self::assertCount(2, $this->broker->drain('all'));
    }

    public function testRelayEndsAtItsLimit(): void
    {
        foreach (range(1, 3) as $order) {
            $this->scene->event("order/$order");
        }
        self::assertSame(ExitCode::WELL, $this->call(RelayCommand::class, ['--limit' => '2'])[0]);
        self::assertCount(2, $this->broker->drain('all'));
    }

    public function testRelayOnceSaysThatTheBrokerIsAway(): void
    {
        $this->scene->event('order/1');
        $away = ['port' => DeafServer::closedPort()];
        [$code, $said] = $this->call(RelayCommand::class, ['--once' => true], $away);
        self::assertSame(ExitCode::NOT_WELL, $code);
        self::assertStringContainsStringIgnoringCase('refused', $said);
    }

    public function testALimitThatIsNoNumberIsRefused(): void
    {
        foreach (['0', '-1', 'many'] as $limit) {
            self::assertSame(ExitCode::USAGE, $this->call(RelayCommand::class, ['--limit' => $limit])[0]);
        }
    }

    public function testStatusTellsWhatWaitsAndWhatIsParked(): void
    {
        $this->scene->event('order/1', body: 'no message');
        $this->scene->event('order/1');
        $this->scene->relay();
        [$code, $said] = $this->call(StatusCommand::class, ['--json' => true]);
        self::assertSame(ExitCode::NOT_WELL, $code);
        $status = json_decode($said, true);
        self::assertSame([1, 1, 1, 0], [
            $status['pending'],
            $status['parked'],
            $status['held_back'],
            $status['broker_failures'],
        ]);
        self::assertSame('order/1', $status['parked_events'][0]['entity_key']);
        [, $said] = $this->call(StatusCommand::class, []);
        self::assertStringContainsString('sidecar:outbox:replay --parked', $said);
    }

    public function testStatusOfAnEmptyOutboxIsWell(): void
    {
        [$code, $said] = $this->call(StatusCommand::class, []);
        self::assertSame(ExitCode::WELL, $code);
        self::assertStringContainsString('0 pending', $said);
    }

    public function testStatusTellsOfABrokerThatIsAway(): void
    {
        $this->scene->event('order/1');
        $this->scene->relay(['port' => DeafServer::closedPort()]);
        [, $said] = $this->call(StatusCommand::class, []);
        self::assertStringContainsString('1 failures in a row', $said);
    }

    public function testReplayWantsToKnowWhich(): void
    {
        $none = $this->call(ReplayCommand::class, []);
        self::assertSame(ExitCode::USAGE, $none[0]);
        self::assertSame(ExitCode::USAGE, $this->call(ReplayCommand::class, ['--id' => ['x']])[0]);
        self::assertSame(ExitCode::USAGE, $this->call(ReplayCommand::class, ['--since' => 'some day'])[0]);
    }

    public function testReplayHasEventsPublishedAgainUnderTheirIds(): void
    {
        $id = $this->scene->event('order/1');
        $this->scene->relay();
        [$code, $said] = $this->call(ReplayCommand::class, ['--entity' => 'order/1', '--dry-run' => true]);
        self::assertSame(ExitCode::WELL, $code);
        self::assertStringContainsString('1 would be published', $said);
        self::assertSame([$id => State::PUBLISHED], $this->scene->states());
        $this->call(ReplayCommand::class, ['--entity' => 'order/1']);
        self::assertSame(1, $this->scene->relay()->published);
        $ids = array_map(static fn ($message): string => $message->get('message_id'), $this->broker->drain('all'));
        self::assertSame([$id, $id], $ids);
    }

    public function testPruneFollowsTheSettingsUnlessItIsToldOtherwise(): void
    {
        $this->scene->event('order/1');
        $this->scene->relay();
        self::assertStringContainsString('0 deleted', $this->call(PruneCommand::class, [])[1]);
        $this->scene->settings->set('sidecar_stripe/relay/prune_days', '0');
        self::assertStringContainsString('for ever', $this->call(PruneCommand::class, [])[1]);
        self::assertSame(ExitCode::USAGE, $this->call(PruneCommand::class, ['--days' => '-1'])[0]);
        $dry = $this->call(PruneCommand::class, ['--days' => '0', '--dry-run' => true]);
        self::assertStringContainsString('1 would be deleted', $dry[1]);
        self::assertStringContainsString('1 deleted', $this->call(PruneCommand::class, ['--days' => '0'])[1]);
        self::assertSame([], $this->scene->rows());
    }

    /**
     * @param class-string $command
     * @return array{int, string} the exit code, and what was said
     */
    private function call(string $command, array $input, array $broker = []): array
    {
        $tester = new CommandTester($this->scene->objects($broker)->get($command));
        $code = $tester->execute($input);
        return [$code, $tester->getDisplay()];
    }
}
