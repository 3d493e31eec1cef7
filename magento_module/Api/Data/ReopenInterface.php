<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Api\Data;

/**
 * Whose payment landed on a cancelled order.
 *
 * The fields are described in docs/magento-rest.md. What is not required gives null where there is no value.
 *
 * @api
 */
interface ReopenInterface
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
     * In words, for the order's history.
     *
     * @return string
     */
    public function getReason();

    /**
     * In words, for the order's history.
     *
     * @param string $reason
     * @return $this
     */
    public function setReason($reason);
}
