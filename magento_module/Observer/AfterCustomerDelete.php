<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Observer;

use Magento\Framework\Event\Observer;
use Magento\Framework\Event\ObserverInterface;
use Sidecar\Stripe\Publication\Announcement;
use Sidecar\Stripe\Publication\EventType;
use Sidecar\Stripe\Publication\Happening;
use Sidecar\Stripe\Snapshot\Times;

/**
 * On `customer_delete_after`, in the transaction: an account is gone, and its addresses with it.
 */
final class AfterCustomerDelete implements ObserverInterface
{
    public function __construct(private readonly Announcement $announcement)
    {
    }

    public function execute(Observer $observer): void
    {
        $customer = $observer->getData('customer');
        $this->announcement->of(Happening::ofCustomer(EventType::CUSTOMER_DELETED, (int) $customer->getId(), [
            'store_id' => $this->idOrNull($customer->getData('store_id')),
            'website_id' => $this->idOrNull($customer->getData('website_id')),
            'deleted_at' => Times::now(),
        ]));
    }

    private function idOrNull(mixed $column): ?int
    {
        return $column === null ? null : (int) $column;
    }
}
