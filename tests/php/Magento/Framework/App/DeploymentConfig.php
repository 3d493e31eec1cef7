<?php

declare(strict_types=1);

namespace Magento\Framework\App;

class DeploymentConfig
{
    public function get($key = null, $defaultValue = null)
    {
        throw new \LogicException('a fake gives the value');
    }
}
