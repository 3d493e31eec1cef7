<?php

declare(strict_types=1);

namespace Magento\Framework\App\Config;

use Magento\Framework\Model\AbstractModel;

class Value extends AbstractModel
{
    /** A magic method of Magento's. */
    public function __call($method, $args)
    {
        return match ($method) {
            'getValue' => $this->getData('value'),
            'setValue' => $this->setData('value', $args[0]),
        };
    }

    public function beforeSave()
    {
        return $this;
    }
}
