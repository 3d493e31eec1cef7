<?php

declare(strict_types=1);

namespace Sidecar\Stripe\WriteBack;

/**
 * Which credit memo a refund in Stripe belongs to, and how the refund stands.
 */
final class RefundLink
{
    /**
     * @param string $refundId `re_…`
     * @param int $orderId `sales_order.entity_id`
     * @param int $creditmemoId `sales_creditmemo.entity_id`
     * @param string $amount in order currency
     */
    public function __construct(
        public readonly string $refundId,
        public readonly int $orderId,
        public readonly int $creditmemoId,
        public readonly string $amount,
        public readonly RefundStatus $status
    ) {
    }
}
