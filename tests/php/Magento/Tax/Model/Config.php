<?php

declare(strict_types=1);

namespace Magento\Tax\Model;

class Config
{
    public function displaySalesShippingInclTax($store = null)
    {
        throw new \LogicException('a fake gives it');
    }
}
