<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Relay;

/**
 * What became of events that were to be published. Of those in none of the lists nothing is known.
 */
final class Delivery
{
    /**
     * @param list<int> $confirmed the broker has them
     * @param array<int, string> $refused it did not take them, and why
     * @param array<int, string> $unfit can never be published, and why
     * @param string|null $failure why the broker could not be reached, or no longer; without a secret in it
     */
    public function __construct(
        public readonly array $confirmed,
        public readonly array $refused,
        public readonly array $unfit,
        public readonly ?string $failure
    ) {
    }

    /**
     * This and what came of others.
     */
    public function with(self $other): self
    {
        return new self(
            [...$this->confirmed, ...$other->confirmed],
            $this->refused + $other->refused,
            $this->unfit + $other->unfit,
            $other->failure
        );
    }
}
