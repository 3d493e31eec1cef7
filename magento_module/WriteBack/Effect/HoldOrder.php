<?php

declare(strict_types=1);

namespace Sidecar\Stripe\WriteBack\Effect;

use Magento\Framework\Exception\LocalizedException;
use Magento\Sales\Api\OrderRepositoryInterface;
use Magento\Sales\Model\Order;
use Sidecar\Stripe\Api\Data\HoldInterface;

/**
 * A person has to look: state `holded`, with the reason in the history. An order that is held already gets the reason.
 */
final class HoldOrder
{
    public function __construct(private readonly OrderRepositoryInterface $orders)
    {
    }

    /**
     * @throws LocalizedException Magento does not hold it
     */
    public function apply(Order $order, HoldInterface $hold): void
    {
        if ($order->getState() !== Order::STATE_HOLDED) {
            $order->hold();
        }
        $order->addCommentToStatusHistory($hold->getMessage());
        $this->orders->save($order);
    }
}
