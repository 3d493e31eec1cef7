<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Config;

use Magento\Framework\App\Config\ScopeConfigInterface;

/**
 * The group `sidecar_stripe/general`. One value for the whole installation, since the outbox and the relay are.
 */
final class GeneralConfig
{
    private const ENABLED = 'sidecar_stripe/general/enabled';
    private const INSTANCE = 'sidecar_stripe/general/instance';

    /** What the sidecar's contracts take for the name of an installation: `schemas/ids.py`. */
    public const INSTANCE_PATTERN = '/^[a-z0-9][a-z0-9_-]{0,31}$/D';

    public function __construct(private readonly ScopeConfigInterface $scopeConfig)
    {
    }

    /**
     * Whether events are written at all. Off, the payment method is not offered either: nobody would collect the money.
     */
    public function isEnabled(): bool
    {
        return $this->scopeConfig->isSetFlag(self::ENABLED);
    }

    /**
     * The sidecar's name for this Magento, `[magento.NAME]` in its settings; an empty string until somebody gave it.
     */
    public function instance(): string
    {
        return trim((string) $this->scopeConfig->getValue(self::INSTANCE));
    }

    /**
     * Whether an order that is placed now would reach the sidecar: switched on, and by a name that it takes.
     */
    public function isReady(): bool
    {
        return $this->isEnabled() && preg_match(self::INSTANCE_PATTERN, $this->instance()) === 1;
    }
}
