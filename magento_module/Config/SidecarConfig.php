<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Config;

use Magento\Framework\App\Config\ScopeConfigInterface;

/**
 * The group `sidecar_stripe/sidecar`: where people and the self-check find the sidecar. One value for the whole
 * installation.
 */
final class SidecarConfig
{
    private const GROUP = 'sidecar_stripe/sidecar/';

    public function __construct(
        private readonly ScopeConfigInterface $scopeConfig,
        private readonly GeneralConfig $general
    ) {
    }

    /**
     * Address of the sidecar's `/readyz`; an empty string where Magento's server cannot reach it.
     */
    public function healthUrl(): string
    {
        return trim((string) $this->scopeConfig->getValue(self::GROUP . 'health_url'));
    }

    /**
     * Address of what the sidecar did for an order, for a person in the admin; null where none is set up.
     */
    public function timelineUrl(int $orderId, string $incrementId): ?string
    {
        $template = trim((string) $this->scopeConfig->getValue(self::GROUP . 'timeline_url'));
        if ($template === '') {
            return null;
        }
        return strtr($template, [
            '{instance}' => rawurlencode($this->general->instance()),
            '{order_id}' => (string) $orderId,
            '{increment_id}' => rawurlencode($incrementId),
        ]);
    }
}
