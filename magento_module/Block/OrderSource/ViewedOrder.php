<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Block\OrderSource;

use Magento\Framework\Registry;
use Magento\Sales\Api\Data\OrderInterface;
use Sidecar\Stripe\Block\OrderSource;

/**
 * The order whose page this is, in the account or for a guest: Magento's controllers leave it in the registry.
 */
class ViewedOrder implements OrderSource
{
    public function __construct(private readonly Registry $registry)
    {
    }

    public function orderIds(): array
    {
        $order = $this->registry->registry('current_order');
        return $order instanceof OrderInterface ? [(int) $order->getEntityId()] : [];
    }
}
