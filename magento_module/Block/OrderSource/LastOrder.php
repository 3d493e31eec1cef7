<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Block\OrderSource;

use Magento\Checkout\Model\Session;
use Sidecar\Stripe\Block\OrderSource;

/**
 * The order that this session has just placed.
 */
class LastOrder implements OrderSource
{
    public function __construct(private readonly Session $session)
    {
    }

    public function orderIds(): array
    {
        $orderId = (int) $this->session->getLastOrderId();
        return $orderId > 0 ? [$orderId] : [];
    }
}
