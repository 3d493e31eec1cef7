<?php

declare(strict_types=1);

namespace Magento\Quote\Model;

use Magento\Framework\Model\AbstractModel;

class Quote extends AbstractModel
{
    public function getStoreId()
    {
        throw new \LogicException('a fake gives it');
    }
}
