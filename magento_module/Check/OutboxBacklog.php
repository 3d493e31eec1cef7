<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Check;

use Sidecar\Stripe\Outbox\Backlog;

/**
 * Nothing waits in the outbox for long, and nothing is parked in it.
 */
final class OutboxBacklog implements Check
{
    private const LONGEST_SECONDS = 300;

    public function __construct(private readonly Backlog $backlog)
    {
    }

    public function name(): string
    {
        return 'outbox';
    }

    public function look(): Finding
    {
        $report = $this->backlog->now();
        if ($report->parked > 0) {
            return Finding::wrong(
                sprintf('%d events are parked and hold back %d', $report->parked, $report->heldBack),
                'see `bin/magento sidecar:outbox:status`'
            );
        }
        if ($report->oldestSeconds !== null && $report->oldestSeconds > self::LONGEST_SECONDS) {
            return Finding::wrong(
                sprintf('%d events wait, the oldest for %d s', $report->pending, $report->oldestSeconds),
                'see `bin/magento sidecar:outbox:status`'
            );
        }
        return Finding::well(sprintf('%d events wait', $report->pending));
    }
}
