<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Observer;

use Magento\Framework\Event\Observer;
use Magento\Framework\Event\ObserverInterface;
use Sidecar\Stripe\Publication\BeforeSave;
use Sidecar\Stripe\Snapshot\Rows;

/**
 * On `sales_order_save_before`, in the transaction: whether the order is new, and the state that it has in the table.
 */
final class BeforeOrderSave implements ObserverInterface
{
    public function __construct(
        private readonly BeforeSave $before,
        private readonly Rows $rows
    ) {
    }

    public function execute(Observer $observer): void
    {
        $order = $observer->getData('order');
        $id = (int) $order->getId();
        $this->before->keep($order, [
            'is_new' => $id === 0,
            'state' => $id === 0 ? null : $this->rows->value('sales_order', 'state', $id),
        ]);
    }
}
