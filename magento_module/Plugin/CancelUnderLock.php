<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Plugin;

use Magento\Framework\Exception\LocalizedException;
use Magento\Sales\Api\OrderManagementInterface;
use Magento\Sales\Api\OrderRepositoryInterface;
use Sidecar\Stripe\Guard\WaitingOrders;
use Sidecar\Stripe\WriteBack\Decimal;
use Sidecar\Stripe\WriteBack\NotNow;
use Sidecar\Stripe\WriteBack\OrderLock;
use Sidecar\Stripe\WriteBack\Standing;

/**
 * Cancels an order of ours under the lock that its payment is recorded under.
 *
 * Magento loads an order, decides that it can be cancelled and saves that, without a look at what happened meanwhile:
 * an order that was paid in between would be cancelled over its invoice.
 */
class CancelUnderLock
{
    public function __construct(
        private readonly WaitingOrders $waiting,
        private readonly OrderLock $lock,
        private readonly OrderRepositoryInterface $orders
    ) {
    }

    /**
     * @param int $id
     * @return bool
     * @throws LocalizedException the order changed since it was loaded in this request
     * @throws NotNow somebody else holds the order
     */
    public function aroundCancel(OrderManagementInterface $subject, callable $proceed, $id)
    {
        if (!$this->waiting->isOurs((int) $id)) {
            return $proceed($id);
        }
        return $this->lock->holding((int) $id, function (Standing $now) use ($proceed, $id) {
            $loaded = $this->orders->get((int) $id);
            $paid = Decimal::minus($now->paid, Decimal::of($loaded->getOrigData('total_paid')));
            if ($loaded->getOrigData('state') !== $now->state || Decimal::compare($paid, '0') !== 0) {
                throw new LocalizedException(
                    __('The order has changed meanwhile. Look at it again before you cancel it.')
                );
            }
            return $proceed($id);
        });
    }
}
