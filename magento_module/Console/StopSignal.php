<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Console;

/**
 * Whether the process was asked to end (SIGTERM, SIGINT). Without PHP's pcntl extension it is never known: then the
 * process is ended in the middle, and what it had in hand is free again after its lease.
 */
final class StopSignal
{
    private bool $wasGiven = false;

    public function listen(): void
    {
        if (!function_exists('pcntl_async_signals')) {
            return;
        }
        pcntl_async_signals(true);
        foreach ([SIGTERM, SIGINT] as $signal) {
            pcntl_signal($signal, function (): void {
                $this->wasGiven = true;
            });
        }
    }

    public function wasGiven(): bool
    {
        return $this->wasGiven;
    }
}
