<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Console;

use DateTimeImmutable;
use DateTimeZone;
use Exception;
use Sidecar\Stripe\Outbox\Replay;
use Sidecar\Stripe\Outbox\Selection;
use Sidecar\Stripe\Outbox\State;
use Symfony\Component\Console\Command\Command;
use Symfony\Component\Console\Input\InputInterface;
use Symfony\Component\Console\Input\InputOption;
use Symfony\Component\Console\Output\OutputInterface;

/**
 * `bin/magento sidecar:outbox:replay`: has events published again, or parked ones at last.
 */
class ReplayCommand extends Command
{
    public function __construct(private readonly Replay $replay)
    {
        parent::__construct();
    }

    protected function configure(): void
    {
        $this->setName('sidecar:outbox:replay')
            ->setDescription('Has events of the outbox published again')
            ->setHelp(
                "Takes the events that all of the options mean. They keep their ids, so that whoever has handled one\n"
                . "passes over it. A parked event that was never finished is made now, of what Magento has now.\n\n"
                . "Ends with 0; with 1 if one of them cannot be made; with 2 if no option was given or one is wrong."
            )
            ->addOption(
                'id',
                null,
                InputOption::VALUE_REQUIRED | InputOption::VALUE_IS_ARRAY,
                'An event, by its number in the outbox; may be given several times'
            )
            ->addOption('entity', null, InputOption::VALUE_REQUIRED, 'All of one: order/42, customer/7')
            ->addOption('parked', null, InputOption::VALUE_NONE, 'Only those that are parked')
            ->addOption('since', null, InputOption::VALUE_REQUIRED, 'Only since: "2026-11-25 08:00", in UTC')
            ->addOption('dry-run', null, InputOption::VALUE_NONE, 'Say which they are, and do nothing');
    }

    protected function execute(InputInterface $input, OutputInterface $output): int
    {
        $selection = $this->selection($input);
        if ($selection === null || $selection->isEverything()) {
            $output->writeln('<error>say which: --id with a number, --entity, --parked, --since with a time</error>');
            return ExitCode::USAGE;
        }
        $result = ExitCode::WELL;
        $done = 0;
        foreach ($this->replay->find($selection) as $event) {
            $problem = $input->getOption('dry-run') ? null : $this->replay->one($event['id']);
            $done += $problem === null ? 1 : 0;
            $result = $problem === null ? $result : ExitCode::NOT_WELL;
            $output->writeln(sprintf(
                '%d %s %s (%s)%s',
                $event['id'],
                $event['type'],
                $event['entity_key'],
                $event['state'],
                $problem === null ? '' : ": <error>$problem</error>"
            ));
        }
        $output->writeln(sprintf('%d %s be published', $done, $input->getOption('dry-run') ? 'would' : 'will'));
        return $result;
    }

    /**
     * What is meant, or null if an option is wrong.
     */
    private function selection(InputInterface $input): ?Selection
    {
        $ids = $input->getOption('id');
        if (array_filter($ids, static fn (string $id): bool => !ctype_digit($id)) !== []) {
            return null;
        }
        $since = $input->getOption('since');
        try {
            $time = $since === null ? null : new DateTimeImmutable($since, new DateTimeZone('UTC'));
        } catch (Exception) {
            return null;
        }
        return new Selection(
            array_map('intval', $ids),
            $input->getOption('entity'),
            $input->getOption('parked') ? State::PARKED : null,
            $time === null ? null : $time->getTimestamp() * 1_000_000
        );
    }
}
