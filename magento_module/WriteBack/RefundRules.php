<?php

declare(strict_types=1);

namespace Sidecar\Stripe\WriteBack;

use Magento\Sales\Model\Order;

/**
 * Which refunds an order takes, and when a credit memo's money is back: docs/magento-rest.md, Rules. Nothing here reads
 * or writes anything.
 */
final class RefundRules
{
    /**
     * What becomes of a refund that was made in Stripe, before its amount and its lines are looked at.
     *
     * @param bool $linked whether it has a memo already, whichever side made that
     */
    public function decide(Standing $order, bool $linked): Outcome
    {
        return match (true) {
            $linked => Outcome::AlreadyApplied,
            $order->state === Order::STATE_CANCELED => Outcome::OrderCanceled,
            !$order->invoiced => Outcome::NotRefundable,
            default => Outcome::Applied,
        };
    }

    /**
     * Whether a memo's money went back: what came through comes to its total.
     *
     * @param list<RefundLink> $refunds the memo's; one that failed may have another in its place
     * @param string $total of the memo, in order currency
     */
    public function isComplete(array $refunds, string $total): bool
    {
        $back = '0';
        foreach ($refunds as $refund) {
            if ($refund->status === RefundStatus::Succeeded) {
                $back = Decimal::plus($back, $refund->amount);
            }
        }
        return Decimal::compare($back, $total) >= 0;
    }
}
