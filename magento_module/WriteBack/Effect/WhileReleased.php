<?php

declare(strict_types=1);

namespace Sidecar\Stripe\WriteBack\Effect;

use Magento\Framework\Exception\LocalizedException;
use Magento\Sales\Model\Order;

/**
 * Money that came or went must be on the books also while an order is held: the order is released for the moment, in
 * memory only, and held again from the state that came of it.
 */
final class WhileReleased
{
    /**
     * @param callable(Order, bool): void $do changes the order and does not save it; its last parameter says whether
     *     the order is held otherwise
     * @throws LocalizedException Magento does not release it, or does not hold it again
     */
    public function run(Order $order, callable $do): void
    {
        $held = $order->getState() === Order::STATE_HOLDED;
        if ($held) {
            $order->unhold();
        }
        $do($order, $held);
        if ($held) {
            $order->hold();
        }
    }
}
