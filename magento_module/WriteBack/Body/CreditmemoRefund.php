<?php

declare(strict_types=1);

namespace Sidecar\Stripe\WriteBack\Body;

use Sidecar\Stripe\Api\Data\CreditmemoRefundInterface;

/**
 * As it came: nothing was checked yet, and what is missing is null.
 */
final class CreditmemoRefund implements CreditmemoRefundInterface
{
    private ?string $account = null;
    private ?string $mode = null;
    private ?string $refundId = null;
    private ?string $paymentIntentId = null;
    private ?string $chargeId = null;
    private ?string $amount = null;
    private ?string $currency = null;
    private ?string $status = null;
    private ?string $code = null;
    private ?string $message = null;

    public function getAccount()
    {
        return $this->account;
    }

    public function setAccount($account)
    {
        $this->account = $account;
        return $this;
    }

    public function getMode()
    {
        return $this->mode;
    }

    public function setMode($mode)
    {
        $this->mode = $mode;
        return $this;
    }

    public function getRefundId()
    {
        return $this->refundId;
    }

    public function setRefundId($refundId)
    {
        $this->refundId = $refundId;
        return $this;
    }

    public function getPaymentIntentId()
    {
        return $this->paymentIntentId;
    }

    public function setPaymentIntentId($paymentIntentId)
    {
        $this->paymentIntentId = $paymentIntentId;
        return $this;
    }

    public function getChargeId()
    {
        return $this->chargeId;
    }

    public function setChargeId($chargeId)
    {
        $this->chargeId = $chargeId;
        return $this;
    }

    public function getAmount()
    {
        return $this->amount;
    }

    public function setAmount($amount)
    {
        $this->amount = $amount;
        return $this;
    }

    public function getCurrency()
    {
        return $this->currency;
    }

    public function setCurrency($currency)
    {
        $this->currency = $currency;
        return $this;
    }

    public function getStatus()
    {
        return $this->status;
    }

    public function setStatus($status)
    {
        $this->status = $status;
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
