<?php

declare(strict_types=1);

namespace Sidecar\Stripe\WriteBack\Answer;

use Sidecar\Stripe\Api\Data\RefundAnswerInterface;

/**
 * As it is sent: what is null is left out.
 */
final class RefundAnswer implements RefundAnswerInterface
{
    private ?string $outcome = null;
    private ?int $orderId = null;
    private ?string $state = null;
    private ?string $status = null;
    private ?int $creditmemoId = null;
    private ?string $creditmemoIncrementId = null;
    private ?string $creditmemoState = null;
    private ?string $grandTotal = null;

    public function getOutcome()
    {
        return $this->outcome;
    }

    public function setOutcome($outcome)
    {
        $this->outcome = $outcome;
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

    public function getState()
    {
        return $this->state;
    }

    public function setState($state)
    {
        $this->state = $state;
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

    public function getCreditmemoId()
    {
        return $this->creditmemoId;
    }

    public function setCreditmemoId($creditmemoId)
    {
        $this->creditmemoId = $creditmemoId;
        return $this;
    }

    public function getCreditmemoIncrementId()
    {
        return $this->creditmemoIncrementId;
    }

    public function setCreditmemoIncrementId($creditmemoIncrementId)
    {
        $this->creditmemoIncrementId = $creditmemoIncrementId;
        return $this;
    }

    public function getCreditmemoState()
    {
        return $this->creditmemoState;
    }

    public function setCreditmemoState($creditmemoState)
    {
        $this->creditmemoState = $creditmemoState;
        return $this;
    }

    public function getGrandTotal()
    {
        return $this->grandTotal;
    }

    public function setGrandTotal($grandTotal)
    {
        $this->grandTotal = $grandTotal;
        return $this;
    }
}
