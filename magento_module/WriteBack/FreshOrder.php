<?php

declare(strict_types=1);

namespace Sidecar\Stripe\WriteBack;

use Magento\Framework\Exception\NoSuchEntityException;
use Magento\Sales\Model\Order;
use Magento\Sales\Model\OrderFactory;
use Magento\Sales\Model\ResourceModel\Order as OrderResource;

/**
 * Loads an order as it is now.
 *
 * The order repository gives what it loaded or saved before in the same process, which may be older than the lock.
 */
final class FreshOrder
{
    public function __construct(
        private readonly OrderFactory $factory,
        private readonly OrderResource $resource
    ) {
    }

    /**
     * @throws NoSuchEntityException there is no such order
     */
    public function load(int $orderId): Order
    {
        $order = $this->factory->create();
        $this->resource->load($order, $orderId);
        if (!$order->getId()) {
            throw OrderLock::missing();
        }
        return $order;
    }
}
