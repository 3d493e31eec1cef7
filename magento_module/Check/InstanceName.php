<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Check;

use Sidecar\Stripe\Config\GeneralConfig;

/**
 * Events carry the name that the sidecar knows this Magento by.
 */
final class InstanceName implements Check
{
    public function __construct(private readonly GeneralConfig $config)
    {
    }

    public function name(): string
    {
        return 'instance';
    }

    public function look(): Finding
    {
        if (!$this->config->isEnabled()) {
            return Finding::note('the module is switched off: no events are written');
        }
        return $this->config->isReady()
            ? Finding::well($this->config->instance())
            : Finding::wrong(
                'this Magento has no name that the sidecar takes',
                'set sidecar_stripe/general/instance to the name of its settings, [magento.NAME]'
            );
    }
}
