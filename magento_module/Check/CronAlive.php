<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Check;

use Magento\Framework\App\ResourceConnection;

/**
 * Magento's cron runs, and with it the relay that publishes what requests have left.
 */
final class CronAlive implements Check
{
    private const JOB = 'sidecar_stripe_relay_outbox';
    private const LATEST_MINUTES = 5;

    public function __construct(private readonly ResourceConnection $resource)
    {
    }

    public function name(): string
    {
        return 'cron';
    }

    public function look(): Finding
    {
        $connection = $this->resource->getConnection();
        $minutes = $connection->fetchOne(
            sprintf(
                'SELECT TIMESTAMPDIFF(MINUTE, MAX(executed_at), NOW()) FROM %s WHERE job_code = ?',
                $connection->quoteIdentifier($this->resource->getTableName('cron_schedule'))
            ),
            [self::JOB]
        );
        $advice = '`bin/magento cron:install`; without it only requests and sidecar:outbox:relay publish events';
        if ($minutes === false || $minutes === null) {
            return Finding::wrong('the relay has never been run by cron', $advice);
        }
        return (int) $minutes > self::LATEST_MINUTES
            ? Finding::wrong("the relay was last run by cron $minutes minutes ago", $advice)
            : Finding::well('the relay was run within the last minutes');
    }
}
