<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Tests\Fake;

use Magento\Framework\App\DeploymentConfig;

/**
 * `app/etc/env.php`: values by their paths.
 */
final class Environment extends DeploymentConfig
{
    /**
     * @param array<string, mixed> $values
     */
    public function __construct(private readonly array $values = [])
    {
    }

    public function get($key = null, $defaultValue = null)
    {
        return $this->values[$key] ?? $defaultValue;
    }
}
