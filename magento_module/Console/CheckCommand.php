<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Console;

use Sidecar\Stripe\Check\Finding;
use Sidecar\Stripe\Check\SelfCheck;
use Symfony\Component\Console\Command\Command;
use Symfony\Component\Console\Input\InputInterface;
use Symfony\Component\Console\Input\InputOption;
use Symfony\Component\Console\Output\OutputInterface;

/**
 * `bin/magento sidecar:check`: looks at everything that has to be right for events to arrive and payments to come back.
 */
class CheckCommand extends Command
{
    public function __construct(private readonly SelfCheck $selfCheck)
    {
        parent::__construct();
    }

    protected function configure(): void
    {
        $this->setName('sidecar:check')
            ->setDescription('Checks the connection between this Magento and its sidecar')
            ->setHelp('Changes nothing. Ends with 0 if all is well, with 1 if something is wrong; notes do not count.')
            ->addOption('json', null, InputOption::VALUE_NONE, 'Write one JSON object');
    }

    protected function execute(InputInterface $input, OutputInterface $output): int
    {
        $findings = $this->selfCheck->run();
        if ($input->getOption('json')) {
            $output->writeln(json_encode(array_map(
                static fn (Finding $finding): array => ['level' => $finding->level, 'text' => $finding->text],
                $findings
            ), JSON_THROW_ON_ERROR | JSON_UNESCAPED_SLASHES | JSON_INVALID_UTF8_SUBSTITUTE));
        } else {
            foreach ($findings as $name => $finding) {
                $line = sprintf('%-6s %-12s %s', $finding->level, $name, $finding->text);
                $output->writeln($line, OutputInterface::OUTPUT_RAW);
            }
        }
        $wrong = array_filter($findings, static fn (Finding $finding): bool => $finding->level === Finding::WRONG);
        return $wrong === [] ? ExitCode::WELL : ExitCode::NOT_WELL;
    }
}
