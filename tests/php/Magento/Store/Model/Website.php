<?php

declare(strict_types=1);

namespace Magento\Store\Model;

use Magento\Framework\Model\AbstractModel;

class Website extends AbstractModel
{
    public function getDefaultStore()
    {
        throw new \LogicException('a fake gives it');
    }
}
