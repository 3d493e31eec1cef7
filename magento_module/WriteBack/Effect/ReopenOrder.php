<?php

declare(strict_types=1);

namespace Sidecar\Stripe\WriteBack\Effect;

use Magento\Sales\Api\OrderRepositoryInterface;
use Magento\Sales\Model\Order;
use Sidecar\Stripe\Api\Data\ReopenInterface;
use Sidecar\Stripe\WriteBack\Reopening\TakeStockAgain;
use Sidecar\Stripe\WriteBack\Reopening\UseCouponAgain;

/**
 * A cancelled order waits for its payment again: what Magento\Sales\Model\Order::registerCancellation wrote is undone.
 *
 * Magento has no method for it. Nothing of a cancelled order was invoiced, so that all of it was cancelled.
 */
final class ReopenOrder
{
    /** Columns of `sales_order` that say what was cancelled, each also in base currency. */
    private const CANCELED = ['subtotal', 'tax', 'shipping', 'discount', 'total'];

    public function __construct(
        private readonly OrderRepositoryInterface $orders,
        private readonly TakeStockAgain $stock,
        private readonly UseCouponAgain $coupon
    ) {
    }

    public function apply(Order $order, ReopenInterface $reopen): void
    {
        foreach (self::CANCELED as $amount) {
            $order->setData($amount . '_canceled', null);
            $order->setData('base_' . $amount . '_canceled', null);
        }
        foreach ($order->getAllItems() as $item) {
            $item->setQtyCanceled(0);
            $item->setTaxCanceled(null);
            $item->setDiscountTaxCompensationCanceled(null);
        }
        $order->setState(Order::STATE_PENDING_PAYMENT)->setStatus(
            $order->getConfig()->getStateDefaultStatus(Order::STATE_PENDING_PAYMENT)
        );
        $order->addCommentToStatusHistory(__($reopen->getReason()));
        $this->stock->take($order);
        $this->coupon->use($order);
        $this->orders->save($order);
    }
}
