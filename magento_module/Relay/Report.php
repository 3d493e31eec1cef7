<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Relay;

/**
 * What a relay did.
 */
final class Report
{
    /**
     * @param int $published confirmed by the broker
     * @param int $refused not taken by it, to be tried again
     * @param int $parked cannot be published
     * @param string|null $failure why the broker could not be reached
     */
    public function __construct(
        public readonly int $published = 0,
        public readonly int $refused = 0,
        public readonly int $parked = 0,
        public readonly ?string $failure = null
    ) {
    }

    public function with(Delivery $delivery): self
    {
        return new self(
            $this->published + count($delivery->confirmed),
            $this->refused + count($delivery->refused),
            $this->parked + count($delivery->unfit),
            $delivery->failure
        );
    }

    /**
     * How many events something became of.
     */
    public function handled(): int
    {
        return $this->published + $this->refused + $this->parked;
    }
}
