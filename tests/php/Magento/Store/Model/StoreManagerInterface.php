<?php

declare(strict_types=1);

namespace Magento\Store\Model;

interface StoreManagerInterface
{
    public const PARAM_NAME = '___store';

    public function getStore($storeId = null);
}
