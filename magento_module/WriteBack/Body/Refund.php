<?php

declare(strict_types=1);

namespace Sidecar\Stripe\WriteBack\Body;

use Sidecar\Stripe\Api\Data\RefundInterface;

/**
 * As it came: nothing was checked yet, and what is missing is null.
 */
final class Refund implements RefundInterface
{
    private ?string $account = null;
    private ?string $mode = null;
    private ?string $paymentIntentId = null;
    private ?string $refundId = null;
    private ?int $orderId = null;
    private ?string $chargeId = null;
    private ?string $amount = null;
    private ?string $currency = null;
    private ?string $status = null;
    private ?string $reason = null;
    private ?string $lines = null;
    /** @var list<\Sidecar\Stripe\Api\Data\RefundItemInterface>|null */
    private ?array $items = null;
    private ?string $shippingAmount = null;
    private ?bool $backToStock = null;

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

    public function getRefundId()
    {
        return $this->refundId;
    }

    public function setRefundId($refundId)
    {
        $this->refundId = $refundId;
        return $this;
    }

    public function getOrderId()
    {
        return $this->orderId;
    }

    public function setOrderId($orderId)
    {
        $this->orderId = $orderId;
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

    public function getReason()
    {
        return $this->reason;
    }

    public function setReason($reason)
    {
        $this->reason = $reason;
        return $this;
    }

    public function getLines()
    {
        return $this->lines;
    }

    public function setLines($lines)
    {
        $this->lines = $lines;
        return $this;
    }

    public function getItems()
    {
        return $this->items;
    }

    public function setItems($items)
    {
        $this->items = $items;
        return $this;
    }

    public function getShippingAmount()
    {
        return $this->shippingAmount;
    }

    public function setShippingAmount($shippingAmount)
    {
        $this->shippingAmount = $shippingAmount;
        return $this;
    }

    public function isBackToStock()
    {
        return $this->backToStock;
    }

    public function setBackToStock($backToStock)
    {
        $this->backToStock = $backToStock;
        return $this;
    }
}
