<?php

declare(strict_types=1);

namespace Magento\Framework\App;

class State
{
    public function getAreaCode()
    {
        throw new \LogicException('a fake gives the area');
    }
}
