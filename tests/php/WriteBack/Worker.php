<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Tests\WriteBack;

/**
 * Another PHP process, as a web server has several: WriteBack/worker_process.php. It begins when it is told to.
 */
final class Worker
{
    /**
     * @param resource $process
     * @param array<int, resource> $pipes
     */
    private function __construct(private $process, private readonly array $pipes)
    {
    }

    /**
     * @param string $job one of those that worker_process.php knows
     * @param int ...$orderIds that it is about
     */
    public static function start(string $job, int ...$orderIds): self
    {
        $process = proc_open(
            [PHP_BINARY, __DIR__ . '/worker_process.php', $job, ...array_map('strval', $orderIds)],
            [['pipe', 'r'], ['pipe', 'w'], STDERR],
            $pipes
        );
        $worker = new self($process, $pipes);
        if (fgets($pipes[1]) !== "ready\n") {
            throw new \RuntimeException('the worker did not come up');
        }
        return $worker;
    }

    /** It begins. */
    public function go(): void
    {
        fwrite($this->pipes[0], "go\n");
    }

    /**
     * Waits for its end.
     *
     * @return list<string> what it said
     */
    public function lines(): array
    {
        $said = stream_get_contents($this->pipes[1]);
        proc_close($this->process);
        return explode("\n", trim($said));
    }
}
