<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Api\Data;

/**
 * What became of a credit memo's money.
 *
 * The fields are described in docs/magento-rest.md. What is not required gives null where there is no value.
 *
 * @api
 */
interface CreditmemoRefundInterface
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
     * `re_…`; only a refund that Stripe refused has none.
     *
     * @return string|null
     */
    public function getRefundId();

    /**
     * `re_…`; only a refund that Stripe refused has none.
     *
     * @param string|null $refundId
     * @return $this
     */
    public function setRefundId($refundId);

    /**
     * `pi_…`.
     *
     * @return string|null
     */
    public function getPaymentIntentId();

    /**
     * `pi_…`.
     *
     * @param string|null $paymentIntentId
     * @return $this
     */
    public function setPaymentIntentId($paymentIntentId);

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
     * Of this refund, in order currency: a decimal.
     *
     * @return string
     */
    public function getAmount();

    /**
     * Of this refund, in order currency: a decimal.
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
     * Stripe's `pending`, `requires_action`, `succeeded`, `failed`, `canceled`; or `refused`.
     *
     * @return string
     */
    public function getStatus();

    /**
     * Stripe's `pending`, `requires_action`, `succeeded`, `failed`, `canceled`; or `refused`.
     *
     * @param string $status
     * @return $this
     */
    public function setStatus($status);

    /**
     * Why it did not come through: Stripe's code.
     *
     * @return string|null
     */
    public function getCode();

    /**
     * Why it did not come through: Stripe's code.
     *
     * @param string|null $code
     * @return $this
     */
    public function setCode($code);

    /**
     * The same in words.
     *
     * @return string|null
     */
    public function getMessage();

    /**
     * The same in words.
     *
     * @param string|null $message
     * @return $this
     */
    public function setMessage($message);
}
