<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Api\Data;

/**
 * Why a person has to look at an order.
 *
 * The fields are described in docs/magento-rest.md. What is not required gives null where there is no value.
 *
 * @api
 */
interface HoldInterface
{
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
     * `amount_mismatch` or `currency_mismatch`.
     *
     * @return string
     */
    public function getReason();

    /**
     * `amount_mismatch` or `currency_mismatch`.
     *
     * @param string $reason
     * @return $this
     */
    public function setReason($reason);

    /**
     * The same in words, for the order's history.
     *
     * @return string
     */
    public function getMessage();

    /**
     * The same in words, for the order's history.
     *
     * @param string $message
     * @return $this
     */
    public function setMessage($message);
}
