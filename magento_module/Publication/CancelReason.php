<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Publication;

use Magento\Framework\App\Area;
use Magento\Framework\App\State;
use Magento\Framework\Exception\LocalizedException;

/**
 * Who cancels an order, as far as Magento knows: by the part of it that is at work.
 */
final class CancelReason
{
    private const BY_AREA = [
        Area::AREA_CRONTAB => 'cron',
        Area::AREA_ADMINHTML => 'admin',
        Area::AREA_FRONTEND => 'shop',
        Area::AREA_GRAPHQL => 'shop',
        Area::AREA_WEBAPI_REST => 'api',
        Area::AREA_WEBAPI_SOAP => 'api',
    ];

    public function __construct(private readonly State $state)
    {
    }

    public function now(): ?string
    {
        try {
            return self::BY_AREA[$this->state->getAreaCode()] ?? null;
        } catch (LocalizedException) {
            return null; // a command that is in no area
        }
    }
}
