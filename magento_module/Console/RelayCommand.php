<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Console;

use Magento\Framework\App\ResourceConnection;
use Sidecar\Stripe\Config\RelayConfig;
use Sidecar\Stripe\Relay\Deadline;
use Sidecar\Stripe\Relay\Relay;
use Sidecar\Stripe\Relay\Report;
use Symfony\Component\Console\Command\Command;
use Symfony\Component\Console\Input\InputInterface;
use Symfony\Component\Console\Input\InputOption;
use Symfony\Component\Console\Output\OutputInterface;
use Throwable;

/**
 * `bin/magento sidecar:outbox:relay`: publishes events as they come, until it is told to stop.
 */
class RelayCommand extends Command
{
    /** Seconds for one round; the broker's answers have to come within them. */
    private const ROUND = 10.0;

    /** Microseconds of sleep after a round that found nothing: at first, and at most. */
    private const IDLE_FIRST = 50_000;
    private const IDLE_MOST = 250_000;

    /** Microseconds of sleep after a round that failed: at first, and at most. */
    private const FAILED_FIRST = 500_000;
    private const FAILED_MOST = 30_000_000;

    public function __construct(
        private readonly Relay $relay,
        private readonly RelayConfig $config,
        private readonly ResourceConnection $resource,
        private readonly StopSignal $stop
    ) {
        parent::__construct();
    }

    protected function configure(): void
    {
        $this->setName('sidecar:outbox:relay')
            ->setDescription('Publishes the events of the outbox to RabbitMQ')
            ->setHelp(
                "Runs until SIGTERM or SIGINT, which it answers at the end of a round. Any number may run at once.\n"
                . "Restart it when a release is deployed or a setting of the module was changed.\n\n"
                . "Ends with 0; with <info>--once</info> or <info>--limit</info>, 1 if the broker could not be reached."
            )
            ->addOption('once', null, InputOption::VALUE_NONE, 'Publish what is due, then end')
            ->addOption('limit', null, InputOption::VALUE_REQUIRED, 'End after so many events')
            ->addOption('json', null, InputOption::VALUE_NONE, 'Write a JSON object for each round that did something');
    }

    protected function execute(InputInterface $input, OutputInterface $output): int
    {
        $limit = $input->getOption('limit');
        if ($limit !== null && (!ctype_digit($limit) || (int) $limit === 0)) {
            $output->writeln('<error>--limit has to be a number above 0</error>');
            return ExitCode::USAGE;
        }
        $this->stop->listen();
        $result = $this->rounds($input, $output, $limit === null ? PHP_INT_MAX : (int) $limit);
        $this->relay->close();
        return $result;
    }

    private function rounds(InputInterface $input, OutputInterface $output, int $limit): int
    {
        $idle = self::IDLE_FIRST;
        $failed = self::FAILED_FIRST;
        $left = $limit;
        while (!$this->stop->wasGiven()) {
            $report = $this->round($left);
            $left -= $report->handled();
            if ($report->handled() > 0 || $report->failure !== null) {
                $this->tell($report, $output, (bool) $input->getOption('json'));
            }
            $isToEnd = $input->getOption('once') || $limit !== PHP_INT_MAX;
            if ($left <= 0 || ($isToEnd && $report->failure !== null)) {
                return $report->failure === null ? ExitCode::WELL : ExitCode::NOT_WELL;
            }
            if ($report->failure !== null) {
                usleep($failed); // a signal ends it early
                $failed = min(self::FAILED_MOST, $failed * 2);
            } elseif ($report->handled() > 0) {
                [$idle, $failed] = [self::IDLE_FIRST, self::FAILED_FIRST];
            } elseif ($input->getOption('once')) {
                break;
            } else {
                usleep($idle);
                $idle = min(self::IDLE_MOST, $idle * 2);
            }
        }
        return ExitCode::WELL;
    }

    private function round(int $limit): Report
    {
        try {
            return $this->relay->run(Deadline::in(self::ROUND), $this->config->batch(), $limit);
        } catch (Throwable $problem) {
            // A database that was restarted: the next round connects anew.
            $this->resource->closeConnection();
            return new Report(failure: get_class($problem));
        }
    }

    private function tell(Report $report, OutputInterface $output, bool $asJson): void
    {
        if ($asJson) {
            $output->writeln(json_encode([
                'published' => $report->published,
                'refused' => $report->refused,
                'parked' => $report->parked,
                'failure' => $report->failure,
            ], JSON_THROW_ON_ERROR | JSON_UNESCAPED_SLASHES));
            return;
        }
        $output->writeln(sprintf(
            '%d published, %d refused, %d parked%s',
            $report->published,
            $report->refused,
            $report->parked,
            $report->failure === null ? '' : "; <error>{$report->failure}</error>"
        ));
    }
}
