<?php

declare(strict_types=1);

namespace Sidecar\Stripe\WriteBack;

/**
 * When a credit memo's money is back: docs/magento-rest.md, Rules. Nothing here reads or writes anything.
 */
final class RefundRules
{
    /**
     * Whether all of it went back: no refund of the memo waits, and each that failed was made good by a later one.
     *
     * @param list<RefundLink> $refunds the memo's, the first one first
     * @param string $total of the memo, in order currency; Stripe may have had to give back a part of it only
     */
    public function isComplete(array $refunds, string $total): bool
    {
        $back = '0';
        $missing = [];
        foreach ($refunds as $refund) {
            $amount = Decimal::of($refund->amount);
            if ($refund->status->isFailure()) {
                $missing[] = $amount;
            } elseif ($refund->status === RefundStatus::Succeeded) {
                $back = Decimal::plus($back, $amount);
                $place = array_search($amount, $missing, true);
                if ($place !== false) {
                    unset($missing[$place]);
                }
            } else {
                return false;
            }
        }
        return $refunds !== [] && ($missing === [] || Decimal::compare($back, $total) >= 0);
    }
}
