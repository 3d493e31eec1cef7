<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Tests\Fake;

use Sidecar\Stripe\Outbox\Wake;

/**
 * Counts how often it was called.
 */
final class CountedWake implements Wake
{
    public int $calls = 0;

    public function call(): void
    {
        $this->calls++;
    }
}
