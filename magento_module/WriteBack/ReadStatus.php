<?php

declare(strict_types=1);

namespace Sidecar\Stripe\WriteBack;

use Magento\Framework\App\ProductMetadataInterface;
use Magento\Framework\Component\ComponentRegistrar;
use Magento\Framework\Component\ComponentRegistrarInterface;
use Magento\Framework\Filesystem\Directory\ReadFactory;
use Sidecar\Stripe\Api\StatusInterface;
use Sidecar\Stripe\Config\GeneralConfig;
use Sidecar\Stripe\Outbox\Backlog;
use Sidecar\Stripe\WriteBack\Answer\Status;

/**
 * The resource `/V1/sidecar/status`.
 */
final class ReadStatus implements StatusInterface
{
    private const MODULE = 'Sidecar_Stripe';

    public function __construct(
        private readonly ProductMetadataInterface $magento,
        private readonly ComponentRegistrarInterface $components,
        private readonly ReadFactory $folders,
        private readonly GeneralConfig $config,
        private readonly Backlog $backlog
    ) {
    }

    public function read()
    {
        $instance = $this->config->instance();
        return new Status(
            $this->magento->getVersion(),
            $this->version(),
            $instance === '' ? null : $instance,
            $this->backlog->now()
        );
    }

    private function version(): string
    {
        $folder = $this->folders->create($this->components->getPath(ComponentRegistrar::MODULE, self::MODULE));
        $package = json_decode($folder->readFile('composer.json'), true, 64, JSON_THROW_ON_ERROR);
        return (string) $package['version'];
    }
}
