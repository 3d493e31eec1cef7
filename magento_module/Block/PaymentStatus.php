<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Block;

use Magento\Framework\View\Element\Template;

/**
 * Shows how the payment of an order stands, in whichever page; the layout says where the order comes from.
 *
 * Arguments: `view_model` and `order_source`; `comes_back` and `may_forward`, see ViewModel\PaymentStatus::script();
 * `only_open`: an order is left out whose payment is over and done with.
 */
class PaymentStatus extends Template
{
    /**
     * The orders that this page is about; several after a checkout to several addresses.
     *
     * @return list<int> `sales_order.entity_id`
     */
    public function getOrderIds(): array
    {
        $source = $this->getData('order_source');
        return $source instanceof OrderSource ? $source->orderIds() : [];
    }
}
