<?php

declare(strict_types=1);

namespace Magento\Store\Model\App;

class Emulation
{
    public function startEnvironmentEmulation($storeId, $area = 'frontend', $force = false)
    {
        throw new \LogicException('a fake gives it');
    }

    public function stopEnvironmentEmulation()
    {
        throw new \LogicException('a fake gives it');
    }
}
