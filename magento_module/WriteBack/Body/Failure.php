<?php

declare(strict_types=1);

namespace Sidecar\Stripe\WriteBack\Body;

use Sidecar\Stripe\Api\Data\FailureInterface;

/**
 * As it came: nothing was checked yet, and what is missing is null.
 */
final class Failure implements FailureInterface
{
    private ?string $paymentIntentId = null;
    private ?string $failureId = null;
    private ?string $code = null;
    private ?string $declineCode = null;
    private ?string $message = null;
    private ?bool $retryable = null;
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

    public function getFailureId()
    {
        return $this->failureId;
    }

    public function setFailureId($failureId)
    {
        $this->failureId = $failureId;
        return $this;
    }

    public function getCode()
    {
        return $this->code;
    }

    public function setCode($code)
    {
        $this->code = $code;
        return $this;
    }

    public function getDeclineCode()
    {
        return $this->declineCode;
    }

    public function setDeclineCode($declineCode)
    {
        $this->declineCode = $declineCode;
        return $this;
    }

    public function getMessage()
    {
        return $this->message;
    }

    public function setMessage($message)
    {
        $this->message = $message;
        return $this;
    }

    public function isRetryable()
    {
        return $this->retryable;
    }

    public function setRetryable($retryable)
    {
        $this->retryable = $retryable;
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
