<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Tests\Fake;

use Magento\Sales\Model\Order;
use Magento\Sales\Model\Order\Invoice;
use Magento\Sales\Model\Order\Payment;

/**
 * A payment with as much of Magento's own behaviour as the write-back meets: it takes an amount in base currency, and
 * what is not all that is due for a fraud.
 */
final class PaperPayment extends Payment
{
    public PaperOrder $order;

    /** @var array<string, mixed> */
    public array $information = [];

    private ?Invoice $invoice = null;

    public function setTransactionId($transactionId)
    {
        return $this->setData('transaction_id', $transactionId);
    }

    public function setParentTransactionId($txnId)
    {
        return $this->setData('parent_transaction_id', $txnId);
    }

    public function setIsTransactionClosed($isClosed)
    {
        return $this->setData('is_transaction_closed', $isClosed);
    }

    public function setTransactionAdditionalInfo($key, $value)
    {
    }

    public function setAmountAuthorized($amountAuthorized)
    {
        return $this->setData('amount_authorized', $amountAuthorized);
    }

    public function setCcType($ccType)
    {
        return $this->setData('cc_type', $ccType);
    }

    public function setCcLast4($ccLast4)
    {
        return $this->setData('cc_last_4', $ccLast4);
    }

    public function getLastTransId()
    {
        return $this->getData('last_trans_id');
    }

    public function setAdditionalInformation(string $key, mixed $value): self
    {
        $this->information[$key] = $value;
        return $this;
    }

    public function registerAuthorizationNotification($amount)
    {
        $this->expectAllThatIsDue($amount);
        $this->order->setState(Order::STATE_PROCESSING)->setStatus(Order::STATE_PROCESSING);
        $this->order->addCommentToStatusHistory('Authorized');
        return $this->setData('last_trans_id', $this->getData('transaction_id'));
    }

    public function registerCaptureNotification($amount, $skipFraudDetection = false)
    {
        $this->expectAllThatIsDue($amount);
        $id = $this->getData('transaction_id') ?? $this->getData('parent_transaction_id') . '-capture';
        $this->setData('last_trans_id', $id);
        $this->order->setData('total_paid', $this->order->getData('grand_total'));
        $this->order->setData('total_invoiced', $this->order->getData('grand_total'));
        $this->order->setData('base_total_paid', $this->order->getData('base_grand_total'));
        if ($this->order->getState() !== Order::STATE_PAYMENT_REVIEW) {
            $this->order->setState(Order::STATE_PROCESSING)->setStatus(Order::STATE_PROCESSING);
        }
        $this->order->addCommentToStatusHistory('Captured');
        $this->invoice = new class extends Invoice {
        };
        return $this;
    }

    public function getCreatedInvoice(): ?Invoice
    {
        return $this->invoice;
    }

    private function expectAllThatIsDue(float $amount): void
    {
        if ($amount !== $this->order->getBaseTotalDue()) {
            throw new \LogicException('Magento would take it for a fraud.');
        }
    }
}
