<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Status;

/**
 * What Magento has about the payment of an order, as far as its shopper may know of it.
 */
final class Facts
{
    /**
     * @param int $orderId `sales_order.entity_id`
     * @param int $storeId the order's store view
     * @param string $state Magento's, for example `pending_payment`
     * @param string|null $heldFrom the state that a held order comes back to
     * @param string $status the merchant's status in that state
     * @param bool $isPaid something was paid and nothing is due
     * @param bool $isAuthorized an authorisation was recorded
     * @param array<string, mixed> $information the payment's additional information, by the names of
     *     docs/magento-rest.md
     */
    public function __construct(
        public readonly int $orderId,
        public readonly int $storeId,
        public readonly string $state,
        public readonly ?string $heldFrom,
        public readonly string $status,
        public readonly bool $isPaid,
        public readonly bool $isAuthorized,
        public readonly array $information
    ) {
    }
}
