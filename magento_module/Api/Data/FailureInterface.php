<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Api\Data;

/**
 * An attempt to pay that failed.
 *
 * The fields are described in docs/magento-rest.md. What is not required gives null where there is no value.
 *
 * @api
 */
interface FailureInterface
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
     * The attempt's key: the charge's id, or the intent's with the code.
     *
     * @return string
     */
    public function getFailureId();

    /**
     * The attempt's key: the charge's id, or the intent's with the code.
     *
     * @param string $failureId
     * @return $this
     */
    public function setFailureId($failureId);

    /**
     * Stripe's code.
     *
     * @return string
     */
    public function getCode();

    /**
     * Stripe's code.
     *
     * @param string $code
     * @return $this
     */
    public function setCode($code);

    /**
     * What the card's bank says.
     *
     * @return string|null
     */
    public function getDeclineCode();

    /**
     * What the card's bank says.
     *
     * @param string|null $declineCode
     * @return $this
     */
    public function setDeclineCode($declineCode);

    /**
     * Why, in words for the shopper.
     *
     * @return string
     */
    public function getMessage();

    /**
     * Why, in words for the shopper.
     *
     * @param string $message
     * @return $this
     */
    public function setMessage($message);

    /**
     * Whether the same card may be tried again.
     *
     * @return bool
     */
    public function isRetryable();

    /**
     * Whether the same card may be tried again.
     *
     * @param bool $retryable
     * @return $this
     */
    public function setRetryable($retryable);

    /**
     * Whether the shopper gets a mail; on a hosted page they have read it already.
     *
     * @return bool
     */
    public function isNotifyShopper();

    /**
     * Whether the shopper gets a mail; on a hosted page they have read it already.
     *
     * @param bool $notifyShopper
     * @return $this
     */
    public function setNotifyShopper($notifyShopper);
}
