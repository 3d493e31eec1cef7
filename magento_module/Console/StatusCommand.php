<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Console;

use Sidecar\Stripe\Outbox\Backlog;
use Sidecar\Stripe\Outbox\Parked;
use Sidecar\Stripe\Relay\Breaker;
use Symfony\Component\Console\Command\Command;
use Symfony\Component\Console\Helper\Table;
use Symfony\Component\Console\Input\InputInterface;
use Symfony\Component\Console\Input\InputOption;
use Symfony\Component\Console\Output\OutputInterface;

/**
 * `bin/magento sidecar:outbox:status`: what waits in the outbox, and why.
 */
class StatusCommand extends Command
{
    private const SHOWN = 20;

    public function __construct(
        private readonly Backlog $backlog,
        private readonly Parked $parked,
        private readonly Breaker $breaker
    ) {
        parent::__construct();
    }

    protected function configure(): void
    {
        $this->setName('sidecar:outbox:status')
            ->setDescription('Shows what waits in the outbox')
            ->setHelp('Ends with 0; with 1 if an event is parked, which holds back the later ones of its order.')
            ->addOption('json', null, InputOption::VALUE_NONE, 'Write one JSON object');
    }

    protected function execute(InputInterface $input, OutputInterface $output): int
    {
        $report = $this->backlog->now();
        $parked = $this->parked->oldest(self::SHOWN);
        $broker = $this->breaker->state();
        if ($input->getOption('json')) {
            $output->writeln(json_encode([
                'pending' => $report->pending,
                'oldest_seconds' => $report->oldestSeconds,
                'refused' => $report->refused,
                'parked' => $report->parked,
                'held_back' => $report->heldBack,
                'broker_failures' => $broker->failures,
                'broker_last_error' => $broker->lastError,
                'parked_events' => $parked,
            ], JSON_THROW_ON_ERROR | JSON_UNESCAPED_SLASHES));
        } else {
            $output->writeln(sprintf(
                '%d pending%s; %d of them were refused before',
                $report->pending,
                $report->oldestSeconds === null ? '' : sprintf(', the oldest for %.1f s', $report->oldestSeconds),
                $report->refused
            ));
            $output->writeln(sprintf('%d parked, which hold back %d', $report->parked, $report->heldBack));
            if ($broker->failures > 0) {
                $output->writeln(sprintf('broker: %d failures in a row; %s', $broker->failures, $broker->lastError));
            }
            $this->show($parked, $output);
        }
        return $report->parked === 0 ? ExitCode::WELL : ExitCode::NOT_WELL;
    }

    /**
     * @param list<array<string, mixed>> $parked
     */
    private function show(array $parked, OutputInterface $output): void
    {
        if ($parked === []) {
            return;
        }
        $table = new Table($output);
        $table->setHeaders(array_keys($parked[0]));
        $table->setRows($parked);
        $table->render();
        $output->writeln('`bin/magento sidecar:outbox:replay --parked` tries them again.');
    }
}
