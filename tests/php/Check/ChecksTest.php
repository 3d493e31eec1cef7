<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Tests\Check;

use Magento\Framework\App\ResourceConnection;
use Magento\Framework\HTTP\ClientFactory;
use PHPUnit\Framework\TestCase;
use Sidecar\Stripe\Check\BrokerExchange;
use Sidecar\Stripe\Check\Check;
use Sidecar\Stripe\Check\CronAlive;
use Sidecar\Stripe\Check\Finding;
use Sidecar\Stripe\Check\InstanceName;
use Sidecar\Stripe\Check\IntegrationToken;
use Sidecar\Stripe\Check\OneDatabase;
use Sidecar\Stripe\Check\OutboxBacklog;
use Sidecar\Stripe\Check\SelfCheck;
use Sidecar\Stripe\Check\SidecarHealth;
use Sidecar\Stripe\Check\SkipLocked;
use Sidecar\Stripe\Console\CheckCommand;
use Sidecar\Stripe\Console\ExitCode;
use Sidecar\Stripe\Tests\Relay\DeafServer;
use Sidecar\Stripe\Tests\Relay\Scene;
use Sidecar\Stripe\Tests\TestBroker;
use Sidecar\Stripe\Tests\TestDatabase;
use Symfony\Component\Console\Tester\CommandTester;

final class ChecksTest extends TestCase
{
    private Scene $scene;

    protected function setUp(): void
    {
        TestDatabase::reset();
        $this->scene = new Scene();
    }

    public function testTheBrokersExchangeIsMissedAndFound(): void
    {
        $missing = $this->look(BrokerExchange::class);
        self::assertSame(Finding::WRONG, $missing->level);
        self::assertStringContainsString('sidecar topology apply', $missing->text);
        $broker = new TestBroker();
        $broker->declareExchange();
        self::assertSame(Finding::WELL, $this->look(BrokerExchange::class)->level);
        $broker->removeAll();
    }

    public function testABrokerThatDoesNotLetUsInIsWrongAndThePasswordIsNotSaid(): void
    {
        $finding = $this->look(BrokerExchange::class, ['password' => 'sesame']);
        self::assertSame(Finding::WRONG, $finding->level);
        self::assertStringContainsString('ACCESS_REFUSED', $finding->text);
        self::assertStringNotContainsString('sesame', $finding->text);
        $away = $this->look(BrokerExchange::class, ['port' => DeafServer::closedPort()]);
        self::assertSame(Finding::WRONG, $away->level);
    }

    public function testAMagentoWithoutANameIsWrongAndASwitchedOffModuleIsNot(): void
    {
        self::assertSame(Finding::WELL, $this->look(InstanceName::class)->level);
        $this->scene->settings->set('sidecar_stripe/general/instance', 'Main Shop');
        self::assertSame(Finding::WRONG, $this->look(InstanceName::class)->level);
        $this->scene->settings->set('sidecar_stripe/general/enabled', '0');
        self::assertSame(Finding::NOTE, $this->look(InstanceName::class)->level);
    }

    public function testADatabaseOfSalesAloneIsWrong(): void
    {
        self::assertSame(Finding::WELL, $this->look(OneDatabase::class)->level);
        $split = new SplitDatabase(TestDatabase::connect(), TestDatabase::connect());
        $finding = (new OneDatabase($split))->look();
        self::assertSame(Finding::WRONG, $finding->level);
    }

    public function testTheDatabaseOfTheTestsSkipsLockedRows(): void
    {
        self::assertSame(Finding::WELL, $this->look(SkipLocked::class)->level);
    }

    /**
     * @dataProvider answers
     */
    public function testTheSidecarIsAskedWhetherItIsReady(string $address, int|string $answer, string $level): void
    {
        $this->scene->settings->set('sidecar_stripe/sidecar/health_url', $address);
        $check = $this->scene->objects([], [ClientFactory::class => new AnsweringClients($answer)]);
        self::assertSame($level, $check->get(SidecarHealth::class)->look()->level);
    }

    public function answers(): array
    {
        return [
            'not configured' => ['', 200, Finding::NOTE],
            'ready' => ['http://sidecar:8080/readyz', 200, Finding::WELL],
            'not ready' => ['http://sidecar:8080/readyz', 503, Finding::WRONG],
            'no answer' => ['http://sidecar:8080/readyz', 'timed out', Finding::WRONG],
        ];
    }

    public function testAnIntegrationHasToBeActiveWithATokenAndWithTheRight(): void
    {
        $this->integrations();
        self::assertSame(Finding::WELL, $this->look(IntegrationToken::class)->level);
        $mistakes = [
            'mg_integration' => ['status' => 0],
            'mg_authorization_role' => ['user_type' => 2],
            'mg_authorization_rule' => ['resource_id' => 'Magento_Sales::sales'],
            'mg_oauth_token' => ['revoked' => 1],
        ];
        foreach ($mistakes as $table => $values) {
            $this->integrations();
            $this->scene->resource->getConnection()->update($table, $values);
            self::assertSame(Finding::WRONG, $this->look(IntegrationToken::class)->level, $table);
        }
    }

    public function testCronHasToHaveRunTheRelayLately(): void
    {
        $connection = $this->scene->resource->getConnection();
        $this->make('cron_schedule', 'job_code varchar(255), executed_at timestamp NULL');
        self::assertSame(Finding::WRONG, $this->look(CronAlive::class)->level, 'never');
        $connection->query("INSERT INTO mg_cron_schedule VALUES ('indexer_reindex_all_invalid', NOW())");
        self::assertSame(Finding::WRONG, $this->look(CronAlive::class)->level, 'only others');
        $job = "'sidecar_stripe_relay_outbox'";
        $connection->query("INSERT INTO mg_cron_schedule VALUES ($job, NOW() - INTERVAL 10 MINUTE)");
        self::assertSame(Finding::WRONG, $this->look(CronAlive::class)->level, 'long ago');
        $connection->query("INSERT INTO mg_cron_schedule VALUES ($job, NOW()), ($job, NULL)");
        self::assertSame(Finding::WELL, $this->look(CronAlive::class)->level);
    }

    public function testEventsThatWaitForLongOrAreParkedAreWrong(): void
    {
        $this->scene->event('order/1');
        self::assertSame(Finding::WELL, $this->look(OutboxBacklog::class)->level);
        $this->scene->resource->getConnection()->query("UPDATE {$this->scene->table()} SET created_at = 1");
        self::assertSame(Finding::WRONG, $this->look(OutboxBacklog::class)->level);
        $this->scene->resource->getConnection()->query("UPDATE {$this->scene->table()} SET state = 'parked'");
        self::assertStringContainsString('parked', $this->look(OutboxBacklog::class)->text);
    }

    /**
     * @dataProvider results
     */
    public function testTheCommandEndsByWhatWasFound(array $findings, int $code): void
    {
        $checks = array_map(static fn ($finding): Check => new FixedCheck($finding), $findings);
        $tester = new CommandTester(new CheckCommand(new SelfCheck($checks)));
        self::assertSame($code, $tester->execute(['--json' => true]));
        self::assertCount(1, json_decode($tester->getDisplay(), true));
        self::assertSame($code, $tester->execute([]));
    }

    public function results(): array
    {
        return [
            'well' => [[Finding::well('x')], ExitCode::WELL],
            'a note' => [[Finding::note('x')], ExitCode::WELL],
            'wrong' => [[Finding::wrong('x', 'y')], ExitCode::NOT_WELL],
            'a check that fails itself' => [[new \RuntimeException('x')], ExitCode::NOT_WELL],
        ];
    }

    /**
     * @param class-string<Check> $check
     */
    private function look(string $check, array $broker = []): Finding
    {
        return $this->scene->objects($broker)->get($check)->look();
    }

    /** One integration as Magento writes it when it is activated with all resources of the module. */
    private function integrations(): void
    {
        $connection = $this->scene->resource->getConnection();
        $this->make('integration', 'integration_id int, name varchar(255), status int, consumer_id int');
        $this->make('authorization_role', 'role_id int, user_type int, user_id int');
        $this->make('authorization_rule', 'role_id int, resource_id varchar(255), permission varchar(10)');
        $this->make('oauth_token', 'consumer_id int, type varchar(16), revoked int');
        $connection->query("INSERT INTO mg_integration VALUES (7, 'Sidecar', 1, 70)");
        $connection->query('INSERT INTO mg_authorization_role VALUES (3, 1, 7)');
        $connection->query("INSERT INTO mg_authorization_rule VALUES (3, 'Sidecar_Stripe::payments', 'allow')");
        $connection->query("INSERT INTO mg_oauth_token VALUES (70, 'access', 0)");
    }

    private function make(string $table, string $columns): void
    {
        TestDatabase::isAltered();
        $connection = $this->scene->resource->getConnection();
        $connection->query("DROP TABLE IF EXISTS mg_$table");
        $connection->query("CREATE TABLE mg_$table ($columns)");
    }
}
