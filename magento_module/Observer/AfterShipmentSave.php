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
 * On `sales_order_shipment_process_relation`, in the transaction: goods left the house.
 */
final class AfterShipmentSave implements ObserverInterface
{
    public function __construct(
        private readonly BeforeSave $before,
        private readonly Announcement $announcement
    ) {
    }

    public function execute(Observer $observer): void
    {
        $shipment = $observer->getData('object');
        $before = $this->before->take($shipment);
        if (!($before['is_new'] ?? false)) {
            return;
        }
        $this->announcement->of(new Happening(
            EventType::SHIPMENT_CREATED,
            (int) $shipment->getId(),
            sprintf('order/%d', $shipment->getData('order_id')),
            ['source_code' => $this->source($shipment)]
        ));
    }

    /**
     * The stock source: an extension attribute of Magento's inventory, which a shop may have removed.
     */
    private function source(object $shipment): ?string
    {
        $extension = $shipment->getExtensionAttributes();
        if (!is_object($extension) || !method_exists($extension, 'getSourceCode')) {
            return null;
        }
        $source = (string) $extension->getSourceCode();
        return $source === '' ? null : $source;
    }
}
