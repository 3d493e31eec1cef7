<?php

declare(strict_types=1);

namespace Sidecar\Stripe\WriteBack\Reopening;

use Magento\Framework\ObjectManagerInterface;
use Magento\InventorySales\Model\GetItemsToCancelFromOrderItem;
use Magento\InventorySalesApi\Api\Data\ItemToSellInterfaceFactory;
use Magento\InventorySalesApi\Api\Data\SalesChannelInterface;
use Magento\InventorySalesApi\Api\Data\SalesChannelInterfaceFactory;
use Magento\InventorySalesApi\Api\Data\SalesEventExtensionFactory;
use Magento\InventorySalesApi\Api\Data\SalesEventInterface;
use Magento\InventorySalesApi\Api\Data\SalesEventInterfaceFactory;
use Magento\InventorySalesApi\Api\PlaceReservationsForSalesEventInterface;
use Magento\Sales\Model\Order;

/**
 * Places the opposite of each reservation that `order_canceled` placed, as `order_placed`: `inventory_reservation`.
 *
 * Magento's Inventory may be taken out of a shop. Then its classes are not there, and a constructor that named them
 * would break the compilation of the whole shop; so they are asked for by name, when they are needed.
 */
final class Reservations
{
    public function __construct(private readonly ObjectManagerInterface $objects)
    {
    }

    /**
     * @param Order $order cancelled no more: what it would give back if it were cancelled is what it takes
     */
    public function place(Order $order): void
    {
        $quantities = [];
        foreach ($order->getAllItems() as $item) {
            foreach ($this->objects->get(GetItemsToCancelFromOrderItem::class)->execute($item) as $part) {
                $quantities[$part->getSku()] = ($quantities[$part->getSku()] ?? 0.0) - (float) $part->getQuantity();
            }
        }
        $event = $this->objects->get(SalesEventInterfaceFactory::class)->create([
            'type' => SalesEventInterface::EVENT_ORDER_PLACED,
            'objectType' => SalesEventInterface::OBJECT_TYPE_ORDER,
            'objectId' => (string) $order->getEntityId(),
        ]);
        $event->setExtensionAttributes($this->objects->get(SalesEventExtensionFactory::class)->create([
            'data' => ['objectIncrementId' => (string) $order->getIncrementId()],
        ]));
        $this->objects->get(PlaceReservationsForSalesEventInterface::class)->execute(
            array_map(
                fn (string $sku): object => $this->objects->get(ItemToSellInterfaceFactory::class)->create([
                    'sku' => $sku,
                    'qty' => $quantities[$sku],
                ]),
                array_map('strval', array_keys($quantities))
            ),
            $this->objects->get(SalesChannelInterfaceFactory::class)->create(['data' => [
                'type' => SalesChannelInterface::TYPE_WEBSITE,
                'code' => $order->getStore()->getWebsite()->getCode(),
            ]]),
            $event
        );
    }
}
