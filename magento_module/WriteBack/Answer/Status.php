<?php

declare(strict_types=1);

namespace Sidecar\Stripe\WriteBack\Answer;

use Sidecar\Stripe\Api\Data\StatusInterface;
use Sidecar\Stripe\Outbox\BacklogReport;

/**
 * As it is sent: what is null is left out.
 */
final class Status implements StatusInterface
{
    public function __construct(
        private readonly string $magentoVersion,
        private readonly string $moduleVersion,
        private readonly ?string $instance,
        private readonly BacklogReport $outbox
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

    public function getOutboxPending()
    {
        return $this->outbox->pending;
    }

    public function getOutboxParked()
    {
        return $this->outbox->parked;
    }

    public function getOutboxOldestSeconds()
    {
        return $this->outbox->oldestSeconds === null ? null : (int) $this->outbox->oldestSeconds;
    }
}
