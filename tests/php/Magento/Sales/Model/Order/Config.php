<?php

declare(strict_types=1);

namespace Magento\Sales\Model\Order;

class Config
{
    public function getStateDefaultStatus($state): ?string
    {
        throw new \LogicException('a fake gives it');
    }

    public function getStateStatuses($state, $addLabels = true)
    {
        throw new \LogicException('a fake gives it');
    }
}
