<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Observer;

use Magento\Framework\Event\Observer;
use Magento\Framework\Event\ObserverInterface;
use Sidecar\Stripe\Publication\Announcement;
use Sidecar\Stripe\Publication\BeforeSave;
use Sidecar\Stripe\Publication\CancelReason;
use Sidecar\Stripe\Publication\EventType;
use Sidecar\Stripe\Publication\Happening;
use Sidecar\Stripe\Snapshot\Rows;
use Sidecar\Stripe\Snapshot\Times;

/**
 * On `sales_order_process_relation`, in the transaction: an order was placed, or was cancelled.
 *
 * `sales_order_save_after` would be too early: lines, addresses and payment are saved after it and have no rows yet
 * (Magento\Framework\Model\ResourceModel\Db\VersionControl\AbstractDb::processAfterSaves). A first save is a placed
 * order, wherever it comes from: all of Magento's ways to place one end in it.
 */
final class AfterOrderSave implements ObserverInterface
{
    private const CANCELED = 'canceled';

    public function __construct(
        private readonly BeforeSave $before,
        private readonly Rows $rows,
        private readonly Announcement $announcement,
        private readonly CancelReason $cancelReason
    ) {
    }

    public function execute(Observer $observer): void
    {
        $order = $observer->getData('object');
        $before = $this->before->take($order);
        if ($before === null) {
            return; // only what hangs on it was saved
        }
        $id = (int) $order->getId();
        if ($before['is_new']) {
            $this->announcement->of(Happening::ofOrder(EventType::ORDER_PLACED, $id));
        }
        $state = $this->rows->value('sales_order', 'state', $id);
        if ($state === self::CANCELED && $before['state'] !== self::CANCELED) {
            $isReplaced = $this->rows->value('sales_order', 'relation_child_id', $id) !== null;
            $this->announcement->of(Happening::ofOrder(EventType::ORDER_CANCELED, $id, [
                'canceled_at' => Times::now(),
                'reason' => $isReplaced ? 'replaced' : $this->cancelReason->now(),
            ]));
        }
    }
}
