<?php

declare(strict_types=1);

namespace Sidecar\Stripe\WriteBack\Answer;

use Sidecar\Stripe\Api\Data\StatusInterface;

/**
 * As it is sent: what is null is left out.
 */
final class Status implements StatusInterface
{
    public function __construct(
        private readonly string $magentoVersion,
        private readonly string $moduleVersion,
        private readonly ?string $instance
    ) {
    }

    public function getMagentoVersion()
    {
        return $this->magentoVersion;
    }

    public function getModuleVersion()
    {
        return $this->moduleVersion;
    }

    public function getInstance()
    {
        return $this->instance;
    }
}
