<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Tests\Console;

use PHPUnit\Framework\TestCase;
use Sidecar\Stripe\Tests\Relay\Scene;
use Sidecar\Stripe\Tests\TestBroker;
use Sidecar\Stripe\Tests\TestDatabase;

/**
 * The relay as a process that runs until it is told to stop.
 *
 * @requires extension pcntl
 */
final class LongRunningTest extends TestCase
{
    public function testItPublishesWhatComesAndEndsWellWhenItIsAskedTo(): void
    {
        TestDatabase::reset();
        $scene = new Scene();
        $broker = new TestBroker();
        $broker->declareExchange();
        $broker->bind('all', '#');
        $pipes = [];
        $process = proc_open(
            [PHP_BINARY, __DIR__ . '/relay_command.php'],
            [1 => ['pipe', 'w'], 2 => ['pipe', 'w']],
            $pipes
        );
        try {
            foreach (['order/1', 'order/2'] as $order) {
                $scene->event($order);
                // It says so when it has published something: each event by itself, and it goes on after the first.
                self::assertSame(1, json_decode((string) fgets($pipes[1]), true)['published']);
            }
            self::assertCount(2, $broker->drain('all'));
            proc_terminate($process, SIGTERM);
            self::assertSame('', stream_get_contents($pipes[1]));
            self::assertSame('', stream_get_contents($pipes[2]));
            self::assertSame(0, $this->exitCode($process));
        } finally {
            proc_terminate($process, SIGKILL);
            $broker->removeAll();
        }
    }

    /**
     * @param resource $process
     */
    private function exitCode($process): int
    {
        do {
            $status = proc_get_status($process);
        } while ($status['running']);
        return $status['exitcode'];
    }
}
