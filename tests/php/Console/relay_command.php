<?php

/**
 * `bin/magento sidecar:outbox:relay` on the database and the broker of the test.
 */

declare(strict_types=1);

use Sidecar\Stripe\Console\RelayCommand;
use Sidecar\Stripe\Tests\Relay\Scene;
use Symfony\Component\Console\Input\ArrayInput;
use Symfony\Component\Console\Output\ConsoleOutput;

require dirname(__DIR__) . '/bootstrap.php';

exit((new Scene())->objects()->get(RelayCommand::class)->run(new ArrayInput(['--json' => true]), new ConsoleOutput()));
