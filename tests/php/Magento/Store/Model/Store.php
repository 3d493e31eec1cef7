<?php

declare(strict_types=1);

namespace Magento\Store\Model;

use Magento\Framework\Model\AbstractModel;

class Store extends AbstractModel
{
    public function getBaseUrl($type = 'link', $secure = null)
    {
        throw new \LogicException('a fake gives it');
    }

    public function isFrontUrlSecure()
    {
        throw new \LogicException('a fake gives it');
    }

    public function isUseStoreInUrl()
    {
        throw new \LogicException('a fake gives it');
    }

    public function getCode()
    {
        throw new \LogicException('a fake gives it');
    }

    public function getWebsite()
    {
        throw new \LogicException('a fake gives it');
    }

    public function getWebsiteId()
    {
        throw new \LogicException('a fake gives it');
    }
}
