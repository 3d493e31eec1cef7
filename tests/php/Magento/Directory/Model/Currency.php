<?php

declare(strict_types=1);

namespace Magento\Directory\Model;

use Magento\Framework\Model\AbstractModel;

class Currency extends AbstractModel
{
    public function formatTxt($price, $options = [])
    {
        throw new \LogicException('a fake gives it');
    }
}
