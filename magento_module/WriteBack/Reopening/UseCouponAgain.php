<?php

declare(strict_types=1);

namespace Sidecar\Stripe\WriteBack\Reopening;

use Magento\Sales\Model\Order;
use Magento\SalesRule\Model\Coupon\UpdateCouponUsages;

/**
 * Counts an order's coupon and price rules as used again: Magento stopped counting them when it cancelled the order
 * (Magento\SalesRule\Plugin\CouponUsagesDecrement).
 */
final class UseCouponAgain
{
    public function __construct(private readonly UpdateCouponUsages $usages)
    {
    }

    public function use(Order $order): void
    {
        $this->usages->execute($order, true);
    }
}
