<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Console;

use Sidecar\Stripe\Config\RelayConfig;
use Sidecar\Stripe\Outbox\Prune;
use Symfony\Component\Console\Command\Command;
use Symfony\Component\Console\Input\InputInterface;
use Symfony\Component\Console\Input\InputOption;
use Symfony\Component\Console\Output\OutputInterface;

/**
 * `bin/magento sidecar:outbox:prune`: deletes events that were published long ago, as cron does every night.
 */
class PruneCommand extends Command
{
    public function __construct(
        private readonly Prune $prune,
        private readonly RelayConfig $config
    ) {
        parent::__construct();
    }

    protected function configure(): void
    {
        $this->setName('sidecar:outbox:prune')
            ->setDescription('Deletes events that were published long ago')
            ->setHelp('What is not published is never deleted. Ends with 0; with 2 if --days is no number.')
            ->addOption('days', null, InputOption::VALUE_REQUIRED, 'How long ago; without it, what the settings say')
            ->addOption('dry-run', null, InputOption::VALUE_NONE, 'Say how many they are, and do nothing');
    }

    protected function execute(InputInterface $input, OutputInterface $output): int
    {
        $days = $input->getOption('days') ?? (string) $this->config->pruneAfterDays();
        if (!ctype_digit($days)) {
            $output->writeln('<error>--days has to be a number</error>');
            return ExitCode::USAGE;
        }
        if ($input->getOption('days') === null && $days === '0') {
            $output->writeln('The settings say that events are kept for ever.');
            return ExitCode::WELL;
        }
        $output->writeln($input->getOption('dry-run')
            ? sprintf('%d would be deleted', $this->prune->count((int) $days))
            : sprintf('%d deleted', $this->prune->run((int) $days)));
        return ExitCode::WELL;
    }
}
