<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Api\Data;

/**
 * A way for the shopper to pay.
 *
 * The fields are described in docs/magento-rest.md. What is not required gives null where there is no value.
 *
 * @api
 */
interface PaymentLinkInterface
{
    /**
     * `pi_…`, which a headless front may confirm.
     *
     * @return string|null
     */
    public function getPaymentIntentId();

    /**
     * `pi_…`, which a headless front may confirm.
     *
     * @param string|null $paymentIntentId
     * @return $this
     */
    public function setPaymentIntentId($paymentIntentId);

    /**
     * `cs_…`.
     *
     * @return string|null
     */
    public function getCheckoutSessionId();

    /**
     * `cs_…`.
     *
     * @param string|null $checkoutSessionId
     * @return $this
     */
    public function setCheckoutSessionId($checkoutSessionId);

    /**
     * The hosted page, or the bank's page for 3-D Secure.
     *
     * @return string|null
     */
    public function getUrl();

    /**
     * The hosted page, or the bank's page for 3-D Secure.
     *
     * @param string|null $url
     * @return $this
     */
    public function setUrl($url);

    /**
     * The intent's secret for a headless front: for the order's own shopper only.
     *
     * @return string|null
     */
    public function getClientSecret();

    /**
     * The intent's secret for a headless front: for the order's own shopper only.
     *
     * @param string|null $clientSecret
     * @return $this
     */
    public function setClientSecret($clientSecret);

    /**
     * Until when it works, RFC 3339.
     *
     * @return string|null
     */
    public function getExpiresAt();

    /**
     * Until when it works, RFC 3339.
     *
     * @param string|null $expiresAt
     * @return $this
     */
    public function setExpiresAt($expiresAt);

    /**
     * `unpaid`, `payment_failed` or `action_required`.
     *
     * @return string
     */
    public function getReason();

    /**
     * `unpaid`, `payment_failed` or `action_required`.
     *
     * @param string $reason
     * @return $this
     */
    public function setReason($reason);

    /**
     * Whether the shopper gets a mail.
     *
     * @return bool
     */
    public function isNotifyShopper();

    /**
     * Whether the shopper gets a mail.
     *
     * @param bool $notifyShopper
     * @return $this
     */
    public function setNotifyShopper($notifyShopper);
}
