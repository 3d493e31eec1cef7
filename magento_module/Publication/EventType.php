<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Publication;

/**
 * The contracts that the module publishes: `schemas/catalog.py`.
 */
final class EventType
{
    public const ORDER_PLACED = 'magento.order.placed.v1';
    public const ORDER_EDITED = 'magento.order.edited.v1';
    public const ORDER_CANCELED = 'magento.order.canceled.v1';
    public const CREDITMEMO_CREATED = 'magento.creditmemo.created.v1';
    public const SHIPMENT_CREATED = 'magento.shipment.created.v1';
    public const CUSTOMER_SAVED = 'magento.customer.saved.v1';
    public const CUSTOMER_DELETED = 'magento.customer.deleted.v1';

    /**
     * The exchange, and the key to publish with: the first two words, and all but the first.
     *
     * @return array{string, string}
     */
    public static function address(string $type): array
    {
        [$first, $rest] = explode('.', $type, 2);
        return [$first . '.events', $rest];
    }
}
