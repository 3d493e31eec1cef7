<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Relay;

/**
 * A moment by which something has to be over.
 */
final class Deadline
{
    private function __construct(private readonly float $at)
    {
    }

    /**
     * @param float $seconds from now
     */
    public static function in(float $seconds): self
    {
        return new self(hrtime(true) / 1e9 + $seconds);
    }

    /**
     * Seconds that are left, 0 if it is over.
     */
    public function left(): float
    {
        return max(0.0, $this->at - hrtime(true) / 1e9);
    }

    public function isOver(): bool
    {
        return $this->left() <= 0.0;
    }
}
