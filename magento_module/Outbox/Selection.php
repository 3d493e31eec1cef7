<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Outbox;

/**
 * Which events a person means. What is not given does not narrow it down.
 */
final class Selection
{
    /**
     * @param list<int> $ids places in the outbox
     * @param string|null $entityKey `order/42`, `customer/7`
     * @param string|null $state one of `State`
     * @param int|null $since written at this time or after it, microseconds since 1970
     */
    public function __construct(
        public readonly array $ids = [],
        public readonly ?string $entityKey = null,
        public readonly ?string $state = null,
        public readonly ?int $since = null
    ) {
    }

    public function isEverything(): bool
    {
        return $this->ids === [] && $this->entityKey === null && $this->state === null && $this->since === null;
    }
}
