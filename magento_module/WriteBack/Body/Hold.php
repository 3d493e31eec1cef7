<?php

declare(strict_types=1);

namespace Sidecar\Stripe\WriteBack\Body;

use Sidecar\Stripe\Api\Data\HoldInterface;

/**
 * As it came: nothing was checked yet, and what is missing is null.
 */
final class Hold implements HoldInterface
{
    private ?string $paymentIntentId = null;
    private ?string $reason = null;
    private ?string $message = null;

    public function getPaymentIntentId()
    {
        return $this->paymentIntentId;
    }

    public function setPaymentIntentId($paymentIntentId)
    {
        $this->paymentIntentId = $paymentIntentId;
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

    public function getMessage()
    {
        return $this->message;
    }

    public function setMessage($message)
    {
        $this->message = $message;
        return $this;
    }
}
