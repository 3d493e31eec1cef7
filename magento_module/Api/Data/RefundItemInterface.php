<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Api\Data;

/**
 * A line of an order of which something is given back.
 *
 * The fields are described in docs/magento-rest.md. What is not required gives null where there is no value.
 *
 * @api
 */
interface RefundItemInterface
{
    /**
     * `sales_order_item.item_id`.
     *
     * @return int
     */
    public function getOrderItemId();

    /**
     * `sales_order_item.item_id`.
     *
     * @param int $orderItemId
     * @return $this
     */
    public function setOrderItemId($orderItemId);

    /**
     * How many: a decimal.
     *
     * @return string
     */
    public function getQty();

    /**
     * How many: a decimal.
     *
     * @param string $qty
     * @return $this
     */
    public function setQty($qty);
}
