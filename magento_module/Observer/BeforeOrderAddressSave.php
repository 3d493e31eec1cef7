<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Observer;

use Magento\Framework\Event\Observer;
use Magento\Framework\Event\ObserverInterface;
use Sidecar\Stripe\Publication\BeforeSave;
use Sidecar\Stripe\Snapshot\Rows;

/**
 * On `sales_order_address_save_before`, in the transaction: the address that is in the table.
 */
final class BeforeOrderAddressSave implements ObserverInterface
{
    public function __construct(
        private readonly BeforeSave $before,
        private readonly Rows $rows
    ) {
    }

    public function execute(Observer $observer): void
    {
        $address = $observer->getData('address');
        $id = (int) $address->getId();
        $this->before->keep($address, [
            'row' => $id === 0 ? null : $this->rows->find('sales_order_address', 'entity_id', $id),
        ]);
    }
}
