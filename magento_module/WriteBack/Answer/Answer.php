<?php

declare(strict_types=1);

namespace Sidecar\Stripe\WriteBack\Answer;

use Sidecar\Stripe\Api\Data\AnswerInterface;

/**
 * As it is sent: what is null is left out.
 */
final class Answer implements AnswerInterface
{
    private ?string $outcome = null;
    private ?int $orderId = null;
    private ?string $state = null;
    private ?string $status = null;
    private ?int $invoiceId = null;
    private ?string $transactionId = null;

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

    public function getInvoiceId()
    {
        return $this->invoiceId;
    }

    public function setInvoiceId($invoiceId)
    {
        $this->invoiceId = $invoiceId;
        return $this;
    }

    public function getTransactionId()
    {
        return $this->transactionId;
    }

    public function setTransactionId($transactionId)
    {
        $this->transactionId = $transactionId;
        return $this;
    }
}
