<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Plugin;

use Magento\Sales\Api\OrderManagementInterface;
use Sidecar\Stripe\Guard\PendingOrderCron;
use Sidecar\Stripe\Guard\WaitingOrders;
use Sidecar\Stripe\WriteBack\NotNow;

/**
 * Keeps Magento's cron from cancelling an order whose payment may still land: it asks no gateway, and a payment that
 * succeeds a second later would meet a cancelled order. Whoever else cancels is not kept from it.
 */
class KeepWaitingOrder
{
    public function __construct(
        private readonly PendingOrderCron $cron,
        private readonly WaitingOrders $orders
    ) {
    }

    /**
     * @param int $id
     * @return bool
     */
    public function aroundCancel(OrderManagementInterface $subject, callable $proceed, $id)
    {
        if (!$this->cron->runs()) {
            return $proceed($id);
        }
        if ($this->orders->waits((int) $id)) {
            return false;
        }
        try {
            return $proceed($id);
        } catch (NotNow) {
            // The cron would stop here and leave out all orders after this one.
            return false;
        }
    }
}
