<?php

declare(strict_types=1);

namespace Sidecar\Stripe\WriteBack\Refunding;

use Magento\Sales\Model\Order;
use Magento\Tax\Model\Config as TaxConfig;

/**
 * Which amount of shipping Magento has to be asked for so that it gives back a certain one.
 *
 * It takes the amount in base currency, with tax if the shop shows shipping so, and gives the same share of the order's
 * shipping (Magento\Sales\Model\Order\Creditmemo\Total\Shipping).
 */
final class BaseShipping
{
    private const CENT = 0.01;

    public function __construct(private readonly TaxConfig $taxConfig)
    {
    }

    /**
     * @param string $amount shipping to be given back, without its tax, in order currency
     */
    public function of(Order $order, string $amount): float
    {
        $shipping = (float) $order->getShippingAmount();
        $base = (float) ($this->taxConfig->displaySalesShippingInclTax($order->getStoreId())
            ? $order->getBaseShippingInclTax()
            : $order->getBaseShippingAmount());
        if ((float) $amount === 0.0 || $shipping <= 0.0 || $base <= 0.0) {
            // An order without shipping gives none back; the sum then says so.
            return 0.0;
        }
        $near = round((float) $amount / $shipping * $base, 2);
        // A cent of the base currency may be more or less than one of the order's.
        foreach ([$near, $near - self::CENT, $near + self::CENT] as $asked) {
            if (abs(round($shipping * ($asked / $base), 2) - (float) $amount) < self::CENT / 2) {
                return min(round($asked, 2), $base);
            }
        }
        return min($near, $base);
    }
}
