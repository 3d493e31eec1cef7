<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Api\Data;

/**
 * What became of a write to an order.
 *
 * The fields are described in docs/magento-rest.md. What is not required gives null where there is no value.
 *
 * @api
 */
interface AnswerInterface
{
    /**
     * `applied`, `already_applied`, `order_canceled` or `not_payable`.
     *
     * @return string
     */
    public function getOutcome();

    /**
     * `applied`, `already_applied`, `order_canceled` or `not_payable`.
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
     * `sales_invoice.entity_id` of the invoice that was made.
     *
     * @return int|null
     */
    public function getInvoiceId();

    /**
     * `sales_invoice.entity_id` of the invoice that was made.
     *
     * @param int|null $invoiceId
     * @return $this
     */
    public function setInvoiceId($invoiceId);

    /**
     * `sales_payment_transaction.txn_id` of the transaction that was recorded.
     *
     * @return string|null
     */
    public function getTransactionId();

    /**
     * `sales_payment_transaction.txn_id` of the transaction that was recorded.
     *
     * @param string|null $transactionId
     * @return $this
     */
    public function setTransactionId($transactionId);
}
