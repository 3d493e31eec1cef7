<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Block;

use Magento\Framework\View\Element\Block\ArgumentInterface;

/**
 * Knows which orders a page is about.
 */
interface OrderSource extends ArgumentInterface
{
    /**
     * @return list<int> `sales_order.entity_id`
     */
    public function orderIds(): array;
}
