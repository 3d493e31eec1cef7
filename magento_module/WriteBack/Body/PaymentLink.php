<?php

declare(strict_types=1);

namespace Sidecar\Stripe\WriteBack\Body;

use Sidecar\Stripe\Api\Data\PaymentLinkInterface;

/**
 * As it came: nothing was checked yet, and what is missing is null.
 */
final class PaymentLink implements PaymentLinkInterface
{
    private ?string $paymentIntentId = null;
    private ?string $checkoutSessionId = null;
    private ?string $url = null;
    private ?string $clientSecret = null;
    private ?string $expiresAt = null;
    private ?string $reason = null;
    private ?bool $notifyShopper = null;

    public function getPaymentIntentId()
    {
        return $this->paymentIntentId;
    }

    public function setPaymentIntentId($paymentIntentId)
    {
        $this->paymentIntentId = $paymentIntentId;
        return $this;
    }

    public function getCheckoutSessionId()
    {
        return $this->checkoutSessionId;
    }

    public function setCheckoutSessionId($checkoutSessionId)
    {
        $this->checkoutSessionId = $checkoutSessionId;
        return $this;
    }

    public function getUrl()
    {
        return $this->url;
    }

    public function setUrl($url)
    {
        $this->url = $url;
        return $this;
    }

    public function getClientSecret()
    {
        return $this->clientSecret;
    }

    public function setClientSecret($clientSecret)
    {
        $this->clientSecret = $clientSecret;
        return $this;
    }

    public function getExpiresAt()
    {
        return $this->expiresAt;
    }

    public function setExpiresAt($expiresAt)
    {
        $this->expiresAt = $expiresAt;
        return $this;
    }

    public function getReason()
    {
        return $this->reason;
    }

    public function setReason($reason)
    {
        $this->reason = $reason;
        return $this;
    }

    public function isNotifyShopper()
    {
        return $this->notifyShopper;
    }

    public function setNotifyShopper($notifyShopper)
    {
        $this->notifyShopper = $notifyShopper;
        return $this;
    }
}
