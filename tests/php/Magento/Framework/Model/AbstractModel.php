<?php

declare(strict_types=1);

namespace Magento\Framework\Model;

use Magento\Framework\DataObject;

abstract class AbstractModel extends DataObject
{
    public function getId()
    {
        return $this->getData('entity_id');
    }

    public function setId($value)
    {
        return $this->setData('entity_id', $value);
    }

    public function getOrigData($key = null)
    {
        throw new \LogicException('a fake gives it');
    }
}
