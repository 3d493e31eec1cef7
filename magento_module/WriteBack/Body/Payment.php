<?php

declare(strict_types=1);

namespace Sidecar\Stripe\WriteBack\Body;

use Sidecar\Stripe\Api\Data\PaymentInterface;

/**
 * As it came: nothing was checked yet, and what is missing is null.
 */
final class Payment implements PaymentInterface
{
    private ?string $account = null;
    private ?string $mode = null;
    private ?string $paymentIntentId = null;
    private ?string $chargeId = null;
    private ?string $amount = null;
    private ?string $currency = null;
    private ?string $methodType = null;
    private ?string $cardBrand = null;
    private ?string $cardLast4 = null;
    private ?string $wallet = null;
    private ?string $riskLevel = null;
    private ?int $riskScore = null;

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

    public function getMethodType()
    {
        return $this->methodType;
    }

    public function setMethodType($methodType)
    {
        $this->methodType = $methodType;
        return $this;
    }

    public function getCardBrand()
    {
        return $this->cardBrand;
    }

    public function setCardBrand($cardBrand)
    {
        $this->cardBrand = $cardBrand;
        return $this;
    }

    public function getCardLast4()
    {
        return $this->cardLast4;
    }

    public function setCardLast4($cardLast4)
    {
        $this->cardLast4 = $cardLast4;
        return $this;
    }

    public function getWallet()
    {
        return $this->wallet;
    }

    public function setWallet($wallet)
    {
        $this->wallet = $wallet;
        return $this;
    }

    public function getRiskLevel()
    {
        return $this->riskLevel;
    }

    public function setRiskLevel($riskLevel)
    {
        $this->riskLevel = $riskLevel;
        return $this;
    }

    public function getRiskScore()
    {
        return $this->riskScore;
    }

    public function setRiskScore($riskScore)
    {
        $this->riskScore = $riskScore;
        return $this;
    }
}
