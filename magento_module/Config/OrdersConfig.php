<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Config;

use Magento\Framework\App\Config\ScopeConfigInterface;
use Magento\Store\Model\ScopeInterface;

/**
 * The group `sidecar_stripe/orders`, by store view.
 */
final class OrdersConfig
{
    private const LONGEST_WAIT_MINUTES = 'sidecar_stripe/orders/longest_wait_minutes';

    public function __construct(private readonly ScopeConfigInterface $scopeConfig)
    {
    }

    /**
     * How long an order may wait for its payment before Magento's own cron may cancel it, in minutes.
     *
     * Longer than the sidecar's `payment_window`: the sidecar cancels the payment first, and then the order.
     *
     * @param int|null $storeId the order's store view; null: the current one
     * @return int 0: Magento's cron never cancels it, the sidecar alone does
     */
    public function longestWaitMinutes(?int $storeId = null): int
    {
        return max(0, (int) $this->scopeConfig->getValue(
            self::LONGEST_WAIT_MINUTES,
            ScopeInterface::SCOPE_STORE,
            $storeId
        ));
    }
}
