<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Observer;

use Magento\Framework\Event\Observer;
use Magento\Framework\Event\ObserverInterface;
use Sidecar\Stripe\Publication\Announcement;
use Sidecar\Stripe\Publication\BeforeSave;
use Sidecar\Stripe\Publication\EventType;
use Sidecar\Stripe\Publication\Happening;
use Sidecar\Stripe\Snapshot\Addresses;
use Sidecar\Stripe\Snapshot\Rows;
use Sidecar\Stripe\Snapshot\Times;

/**
 * On `sales_order_address_save_after`, in the transaction: an address of an order that was placed before is another
 * now.
 */
final class AfterOrderAddressSave implements ObserverInterface
{
    private const FIELDS = ['billing' => 'billing_address', 'shipping' => 'shipping_address'];

    public function __construct(
        private readonly BeforeSave $before,
        private readonly Rows $rows,
        private readonly Addresses $addresses,
        private readonly Announcement $announcement
    ) {
    }

    public function execute(Observer $observer): void
    {
        $address = $observer->getData('address');
        $before = $this->before->take($address);
        $field = self::FIELDS[$address->getData('address_type')] ?? null;
        if ($before === null || $field === null || $this->isBeingPlaced($address->getOrder())) {
            return;
        }
        $row = $this->rows->find('sales_order_address', 'entity_id', (int) $address->getId());
        if (
            $row === null
            || ($before['row'] !== null && $this->addresses->of($before['row']) === $this->addresses->of($row))
        ) {
            return;
        }
        $this->announcement->ofUpdate(Happening::ofOrder(EventType::ORDER_EDITED, (int) $row['parent_id'], [
            'changed_fields' => [$field],
            'edited_at' => Times::now(),
        ]));
    }

    private function isBeingPlaced(?object $order): bool
    {
        return $order !== null && ($this->before->see($order)['is_new'] ?? false);
    }
}
