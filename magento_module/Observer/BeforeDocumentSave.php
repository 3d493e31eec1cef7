<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Observer;

use Magento\Framework\Event\Observer;
use Magento\Framework\Event\ObserverInterface;
use Sidecar\Stripe\Publication\BeforeSave;

/**
 * On `sales_order_creditmemo_save_before` and `sales_order_shipment_save_before`: whether the document is new.
 */
final class BeforeDocumentSave implements ObserverInterface
{
    public function __construct(private readonly BeforeSave $before)
    {
    }

    public function execute(Observer $observer): void
    {
        $document = $observer->getData('data_object');
        $this->before->keep($document, ['is_new' => (int) $document->getId() === 0]);
    }
}
