<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Tests\Check;

use Sidecar\Stripe\Check\Check;
use Sidecar\Stripe\Check\Finding;
use Throwable;

/**
 * Finds what it is told to, or fails.
 */
final class FixedCheck implements Check
{
    public function __construct(private readonly Finding|Throwable $finding)
    {
    }

    public function name(): string
    {
        return 'fixed';
    }

    public function look(): Finding
    {
        return $this->finding instanceof Finding ? $this->finding : throw $this->finding;
    }
}
