<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Guard;

/**
 * Whether Magento's cron that cancels old orders is at work in this process
 * (Magento\Sales\Model\CronJob\CleanExpiredOrders).
 */
class PendingOrderCron
{
    private bool $runs = false;

    public function runs(): bool
    {
        return $this->runs;
    }

    /**
     * @param callable(): mixed $cron
     */
    public function run(callable $cron): mixed
    {
        $this->runs = true;
        try {
            return $cron();
        } finally {
            $this->runs = false;
        }
    }
}
