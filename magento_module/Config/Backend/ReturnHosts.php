<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Config\Backend;

use Magento\Framework\App\Config\Value;
use Magento\Framework\Exception\LocalizedException;
use Sidecar\Stripe\Config\PaymentConfig;

/**
 * Names of hosts, one a line; neither addresses nor patterns, so that nobody opens more than they see.
 */
class ReturnHosts extends Value
{
    /**
     * @return $this
     * @throws LocalizedException a line is no host's name
     */
    public function beforeSave()
    {
        $hosts = PaymentConfig::hosts((string) $this->getValue());
        foreach ($hosts as $host) {
            if (filter_var($host, FILTER_VALIDATE_DOMAIN, FILTER_FLAG_HOSTNAME) === false) {
                throw new LocalizedException(__('"%1" is not the name of a host.', $host));
            }
        }
        $this->setValue(implode("\n", $hosts));
        return parent::beforeSave();
    }
}
