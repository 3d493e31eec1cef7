<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Plugin\Frontend;

use Magento\Sales\Model\Order\Config;
use Sidecar\Stripe\Config\PaymentConfig;

/**
 * Shows customers the orders that they have yet to pay: Magento hides the status `pending_payment` from their account,
 * and with it the way to pay.
 */
class ShowUnpaidOrders
{
    private const STATUS = 'pending_payment';

    public function __construct(private readonly PaymentConfig $config)
    {
    }

    /**
     * @param list<string>|null $statuses
     * @return list<string>
     */
    public function afterGetVisibleOnFrontStatuses(Config $subject, ?array $statuses): array
    {
        $statuses ??= [];
        $isShown = $this->config->isActive() && $this->config->showsUnpaidOrders();
        return $isShown ? array_values(array_unique([...$statuses, self::STATUS])) : $statuses;
    }
}
