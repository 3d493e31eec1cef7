<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Plugin;

use Magento\Sales\Model\CronJob\CleanExpiredOrders;
use Sidecar\Stripe\Guard\PendingOrderCron;

/**
 * Lets the guard know that it is Magento's cron that cancels, and not a person or the sidecar.
 */
class NotePendingOrderCron
{
    public function __construct(private readonly PendingOrderCron $cron)
    {
    }

    public function aroundExecute(CleanExpiredOrders $subject, callable $proceed): mixed
    {
        return $this->cron->run($proceed);
    }
}
