<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Payment;

use Magento\Authorization\Model\UserContextInterface;
use Magento\Framework\App\Area;
use Magento\Framework\App\State;
use Magento\Framework\Exception\LocalizedException;
use Sidecar\Stripe\Config\PaymentConfig;

/**
 * Whether it is believed that a shopper is not there to be asked by their bank (`off_session`).
 *
 * A front that anybody can reach is in the shopper's own hand: said there, it would be a way round 3-D Secure.
 */
final class AbsentShopper
{
    private const SHOPPERS_AREAS = [
        Area::AREA_FRONTEND,
        Area::AREA_WEBAPI_REST,
        Area::AREA_WEBAPI_SOAP,
        Area::AREA_GRAPHQL,
    ];
    private const TRUSTED_USERS = [UserContextInterface::USER_TYPE_ADMIN, UserContextInterface::USER_TYPE_INTEGRATION];

    public function __construct(
        private readonly State $appState,
        private readonly UserContextInterface $user,
        private readonly PaymentConfig $config
    ) {
    }

    /**
     * @param int|null $storeId of the cart
     */
    public function isBelieved(?int $storeId): bool
    {
        return $this->isOurs() || $this->config->believesShoppersAbsence($storeId);
    }

    private function isOurs(): bool
    {
        try {
            $area = $this->appState->getAreaCode();
        } catch (LocalizedException) {
            return true; // A script of the shop's own, which has no area.
        }
        return !in_array($area, self::SHOPPERS_AREAS, true)
            || in_array((int) $this->user->getUserType(), self::TRUSTED_USERS, true);
    }
}
