<?php

declare(strict_types=1);

namespace Magento\Sales\Model\CronJob;

class CleanExpiredOrders
{
    public function execute()
    {
        throw new \LogicException('a fake gives it');
    }
}
