<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Check;

use Magento\Framework\HTTP\ClientFactory;
use Sidecar\Stripe\Config\SidecarConfig;
use Throwable;

/**
 * The sidecar says that it is ready, where Magento's server can ask it.
 */
final class SidecarHealth implements Check
{
    private const PATIENCE = 5;

    public function __construct(
        private readonly SidecarConfig $config,
        private readonly ClientFactory $clients
    ) {
    }

    public function name(): string
    {
        return 'sidecar';
    }

    public function look(): Finding
    {
        $address = $this->config->healthUrl();
        if ($address === '') {
            return Finding::note('not asked: sidecar_stripe/sidecar/health_url is empty');
        }
        $advice = 'look at the sidecar, `sidecar doctor` says more';
        try {
            $client = $this->clients->create();
            $client->setTimeout(self::PATIENCE);
            $client->get($address);
            $status = (int) $client->getStatus();
        } catch (Throwable $problem) {
            return Finding::wrong("$address does not answer ({$problem->getMessage()})", $advice);
        }
        return $status === 200
            ? Finding::well("$address is ready")
            : Finding::wrong("$address answers with $status", $advice);
    }
}
