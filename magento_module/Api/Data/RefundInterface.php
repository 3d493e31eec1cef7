<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Api\Data;

/**
 * Money that went back in Stripe, for which a credit memo is made.
 *
 * The fields are described in docs/magento-rest.md. What is not required gives null where there is no value.
 *
 * @api
 */
interface RefundInterface
{
    /**
     * The Stripe account, by the sidecar's name for it.
     *
     * @return string
     */
    public function getAccount();

    /**
     * The Stripe account, by the sidecar's name for it.
     *
     * @param string $account
     * @return $this
     */
    public function setAccount($account);

    /**
     * `test` or `live`.
     *
     * @return string
     */
    public function getMode();

    /**
     * `test` or `live`.
     *
     * @param string $mode
     * @return $this
     */
    public function setMode($mode);

    /**
     * `pi_…`.
     *
     * @return string
     */
    public function getPaymentIntentId();

    /**
     * `pi_…`.
     *
     * @param string $paymentIntentId
     * @return $this
     */
    public function setPaymentIntentId($paymentIntentId);

    /**
     * `re_…`; the refund's key.
     *
     * @return string
     */
    public function getRefundId();

    /**
     * `re_…`; the refund's key.
     *
     * @param string $refundId
     * @return $this
     */
    public function setRefundId($refundId);

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
     * `ch_…`.
     *
     * @return string|null
     */
    public function getChargeId();

    /**
     * `ch_…`.
     *
     * @param string|null $chargeId
     * @return $this
     */
    public function setChargeId($chargeId);

    /**
     * What went back, in order currency: a decimal.
     *
     * @return string
     */
    public function getAmount();

    /**
     * What went back, in order currency: a decimal.
     *
     * @param string $amount
     * @return $this
     */
    public function setAmount($amount);

    /**
     * The order's currency, ISO 4217.
     *
     * @return string
     */
    public function getCurrency();

    /**
     * The order's currency, ISO 4217.
     *
     * @param string $currency
     * @return $this
     */
    public function setCurrency($currency);

    /**
     * `pending` or `succeeded`.
     *
     * @return string
     */
    public function getStatus();

    /**
     * `pending` or `succeeded`.
     *
     * @param string $status
     * @return $this
     */
    public function setStatus($status);

    /**
     * In words, for the memo's comment.
     *
     * @return string|null
     */
    public function getReason();

    /**
     * In words, for the memo's comment.
     *
     * @param string|null $reason
     * @return $this
     */
    public function setReason($reason);

    /**
     * `whole`: all that is left; `items`: the lines named; `amount`: no line comes back.
     *
     * @return string
     */
    public function getLines();

    /**
     * `whole`: all that is left; `items`: the lines named; `amount`: no line comes back.
     *
     * @param string $lines
     * @return $this
     */
    public function setLines($lines);

    /**
     * With `items`: what comes back.
     *
     * @return \Sidecar\Stripe\Api\Data\RefundItemInterface[]|null
     */
    public function getItems();

    /**
     * With `items`: what comes back.
     *
     * @param \Sidecar\Stripe\Api\Data\RefundItemInterface[]|null $items
     * @return $this
     */
    public function setItems($items);

    /**
     * With `items`: shipping that is given back, without its tax, in order currency.
     *
     * @return string|null
     */
    public function getShippingAmount();

    /**
     * With `items`: shipping that is given back, without its tax, in order currency.
     *
     * @param string|null $shippingAmount
     * @return $this
     */
    public function setShippingAmount($shippingAmount);

    /**
     * Whether the goods return to the stock.
     *
     * @return bool|null
     */
    public function isBackToStock();

    /**
     * Whether the goods return to the stock.
     *
     * @param bool|null $backToStock
     * @return $this
     */
    public function setBackToStock($backToStock);
}
