<?php

declare(strict_types=1);

namespace Magento\Sales\Model\ResourceModel;

use Magento\Framework\Model\AbstractModel;

class Order
{
    public function load(AbstractModel $object, $value, $field = null)
    {
        throw new \LogicException('a fake gives it');
    }

    public function addCommitCallback($callback)
    {
        throw new \LogicException('a fake gives it');
    }
}
