<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Api\Data;

/**
 * What became of a refund.
 *
 * The fields are described in docs/magento-rest.md. What is not required gives null where there is no value.
 *
 * @api
 */
interface RefundAnswerInterface
{
    /**
     * `applied`, `already_applied`, `order_canceled`, `not_refundable`, `lines_differ` or `linked_elsewhere`.
     *
     * @return string
     */
    public function getOutcome();

    /**
     * `applied`, `already_applied`, `order_canceled`, `not_refundable`, `lines_differ` or `linked_elsewhere`.
     *
     * @param string $outcome
     * @return $this
     */
    public function setOutcome($outcome);

    /**
     * `sales_order.entity_id`.
     *
     * @return int
     */
    public function getOrderId();

    /**
     * `sales_order.entity_id`.
     *
     * @param int $orderId
     * @return $this
     */
    public function setOrderId($orderId);

    /**
     * The order's state now.
     *
     * @return string
     */
    public function getState();

    /**
     * The order's state now.
     *
     * @param string $state
     * @return $this
     */
    public function setState($state);

    /**
     * The order's status now.
     *
     * @return string
     */
    public function getStatus();

    /**
     * The order's status now.
     *
     * @param string $status
     * @return $this
     */
    public function setStatus($status);

    /**
     * `sales_creditmemo.entity_id`.
     *
     * @return int|null
     */
    public function getCreditmemoId();

    /**
     * `sales_creditmemo.entity_id`.
     *
     * @param int|null $creditmemoId
     * @return $this
     */
    public function setCreditmemoId($creditmemoId);

    /**
     * The memo's number.
     *
     * @return string|null
     */
    public function getCreditmemoIncrementId();

    /**
     * The memo's number.
     *
     * @param string|null $creditmemoIncrementId
     * @return $this
     */
    public function setCreditmemoIncrementId($creditmemoIncrementId);

    /**
     * `open`, `refunded` or `canceled`: the memo's state now.
     *
     * @return string|null
     */
    public function getCreditmemoState();

    /**
     * `open`, `refunded` or `canceled`: the memo's state now.
     *
     * @param string|null $creditmemoState
     * @return $this
     */
    public function setCreditmemoState($creditmemoState);

    /**
     * With `lines_differ`: what these lines come to in Magento, in order currency.
     *
     * @return string|null
     */
    public function getGrandTotal();

    /**
     * With `lines_differ`: what these lines come to in Magento, in order currency.
     *
     * @param string|null $grandTotal
     * @return $this
     */
    public function setGrandTotal($grandTotal);
}
