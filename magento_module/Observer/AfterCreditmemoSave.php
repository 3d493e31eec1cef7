<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Observer;

use Magento\Framework\Event\Observer;
use Magento\Framework\Event\ObserverInterface;
use Sidecar\Stripe\Publication\Announcement;
use Sidecar\Stripe\Publication\BeforeSave;
use Sidecar\Stripe\Publication\EventType;
use Sidecar\Stripe\Publication\Happening;

/**
 * On `sales_order_creditmemo_process_relation`, in the transaction: a credit memo was made.
 *
 * Whether its money is to move is not in the tables: Magento tells an online refund from an offline one by
 * `do_transaction` (Magento\Sales\Model\Order\Creditmemo\RefundOperation), which it sets before the save and does not
 * keep.
 */
final class AfterCreditmemoSave implements ObserverInterface
{
    public function __construct(
        private readonly BeforeSave $before,
        private readonly Announcement $announcement
    ) {
    }

    public function execute(Observer $observer): void
    {
        $memo = $observer->getData('object');
        $before = $this->before->take($memo);
        if (!($before['is_new'] ?? false)) {
            return;
        }
        $backToStock = [];
        foreach ($memo->getItems() ?? [] as $item) {
            if ($item->hasData('back_to_stock')) {
                $backToStock[(int) $item->getData('order_item_id')] = (bool) $item->getData('back_to_stock');
            }
        }
        $this->announcement->of(new Happening(
            EventType::CREDITMEMO_CREATED,
            (int) $memo->getId(),
            sprintf('order/%d', $memo->getData('order_id')),
            ['offline' => !$memo->getData('do_transaction'), 'back_to_stock' => $backToStock]
        ));
    }
}
