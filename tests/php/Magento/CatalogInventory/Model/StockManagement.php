<?php

declare(strict_types=1);

namespace Magento\CatalogInventory\Model;

class StockManagement
{
    public function registerProductsSale($items, $websiteId = null)
    {
        throw new \LogicException('a fake gives it');
    }
}
