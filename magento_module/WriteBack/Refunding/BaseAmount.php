<?php

declare(strict_types=1);

namespace Sidecar\Stripe\WriteBack\Refunding;

use Magento\Sales\Model\Order;
use Sidecar\Stripe\WriteBack\Decimal;

/**
 * What an amount that is given back is in base currency.
 */
final class BaseAmount
{
    /** Magento rounds what it counts as refunded, whatever the currency. */
    private const PLACES = 2;

    /**
     * All that is left in base currency for all that is left in the order's, so that both come to nothing together;
     * otherwise by the order's rate, and never more than is left.
     *
     * @param string $amount in order currency
     * @return string in base currency
     */
    public function of(Order $order, string $amount): string
    {
        $left = Decimal::minus(Decimal::of($order->getTotalPaid()), Decimal::of($order->getTotalRefunded()));
        $baseLeft = Decimal::minus(
            Decimal::of($order->getBaseTotalPaid()),
            Decimal::of($order->getBaseTotalRefunded())
        );
        if (Decimal::compare($amount, $left) >= 0) {
            return $baseLeft;
        }
        $rate = Decimal::of($order->getBaseToOrderRate());
        if (Decimal::compare($rate, '0') <= 0) {
            $rate = '1';
        }
        $base = Decimal::of(Decimal::divided($amount, $rate, self::PLACES));
        return Decimal::compare($base, $baseLeft) > 0 ? $baseLeft : $base;
    }
}
