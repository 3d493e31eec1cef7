<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Block\OrderSource;

use Magento\Framework\Session\SessionManagerInterface;
use Sidecar\Stripe\Block\OrderSource;

/**
 * The orders that this session has just placed, to several addresses.
 */
class LastOrders implements OrderSource
{
    /**
     * @param SessionManagerInterface $session where Magento_Multishipping leaves the ids
     */
    public function __construct(private readonly SessionManagerInterface $session)
    {
    }

    public function orderIds(): array
    {
        $placed = $this->session->getData('order_ids');
        return is_array($placed) ? array_map('intval', array_keys($placed)) : [];
    }
}
