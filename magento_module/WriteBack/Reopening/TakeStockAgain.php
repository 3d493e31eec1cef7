<?php

declare(strict_types=1);

namespace Sidecar\Stripe\WriteBack\Reopening;

use Magento\CatalogInventory\Model\StockManagement;
use Magento\Framework\Module\Manager as Modules;
use Magento\Sales\Model\Order;

/**
 * Takes from the stock again what the cancellation of an order gave back to it.
 *
 * What is there is not asked: the money for it has come, and an order that cannot be served is for a person to see.
 */
final class TakeStockAgain
{
    private const INVENTORY = 'Magento_InventorySales';

    public function __construct(
        private readonly Modules $modules,
        private readonly Reservations $reservations,
        private readonly StockManagement $stock
    ) {
    }

    /**
     * @param Order $order cancelled no more: its items wait to be shipped again
     */
    public function take(Order $order): void
    {
        if ($this->modules->isEnabled(self::INVENTORY)) {
            $this->reservations->place($order);
            return;
        }
        $quantities = [];
        foreach ($order->getAllItems() as $item) {
            if (!$item->getHasChildren() && $item->getProductId()) {
                $quantities[(int) $item->getProductId()] ??= 0.0;
                $quantities[(int) $item->getProductId()] += (float) $item->getQtyOrdered();
            }
        }
        $this->stock->registerProductsSale($quantities, (int) $order->getStore()->getWebsiteId());
    }
}
