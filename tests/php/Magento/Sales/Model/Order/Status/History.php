<?php

declare(strict_types=1);

namespace Magento\Sales\Model\Order\Status;

use Magento\Framework\Model\AbstractModel;

class History extends AbstractModel
{
    public function setIsCustomerNotified($flag = null)
    {
        throw new \LogicException('a fake gives it');
    }
}
