<?php

declare(strict_types=1);

namespace Magento\Framework\Module;

class Manager
{
    public function isEnabled($moduleName)
    {
        throw new \LogicException('a fake gives it');
    }
}
