<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Outbox;

/**
 * Is told that something was written to the outbox. It is not committed yet.
 */
interface Wake
{
    public function call(): void;
}
