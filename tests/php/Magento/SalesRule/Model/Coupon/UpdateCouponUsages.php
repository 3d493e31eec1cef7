<?php

declare(strict_types=1);

namespace Magento\SalesRule\Model\Coupon;

use Magento\Sales\Api\Data\OrderInterface;

class UpdateCouponUsages
{
    public function execute(OrderInterface $subject, bool $increment): OrderInterface
    {
        throw new \LogicException('a fake gives it');
    }
}
