<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Tests\Relay;

use Sidecar\Stripe\Tests\TestBroker;

/**
 * A line to the broker that falls silent when it is told to: what is sent arrives, and no answer comes back.
 */
final class StallingLine
{
    /** @var resource */
    private $process;

    /** @var array<int, resource> */
    private array $pipes = [];
    private readonly string $file;
    public readonly int $port;

    public function __construct()
    {
        $this->file = tempnam(sys_get_temp_dir(), 'stalled');
        unlink($this->file);
        $url = TestBroker::url();
        $command = [PHP_BINARY, __DIR__ . '/stalling_line.php', $url['host'], (string) $url['port'], $this->file];
        $this->process = proc_open($command, [['pipe', 'r'], ['pipe', 'w']], $this->pipes);
        $this->port = (int) fgets($this->pipes[1]);
    }

    public function fallSilent(): void
    {
        touch($this->file);
    }

    public function end(): void
    {
        @unlink($this->file);
        fclose($this->pipes[0]);
        proc_close($this->process);
    }
}
