<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Outbox;

/**
 * One event as it is written to the outbox.
 */
final class Event
{
    /**
     * @param string $id the CloudEvents id, a UUID
     * @param string $type the contract, for example `magento.order.placed.v1`
     * @param string $entityKey what it is about, for example `order/42`; events of one entity are published in order
     * @param string|null $body the finished message; null if it could not be made
     * @param string|null $problem why it could not be made
     */
    public function __construct(
        public readonly string $id,
        public readonly string $type,
        public readonly string $entityKey,
        public readonly ?string $body,
        public readonly ?string $problem = null
    ) {
    }
}
