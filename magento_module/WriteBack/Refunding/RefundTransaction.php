<?php

declare(strict_types=1);

namespace Sidecar\Stripe\WriteBack\Refunding;

use Magento\Sales\Model\Order\Payment;
use Magento\Sales\Model\Order\Payment\Transaction;
use Magento\Sales\Model\Order\Payment\Transaction\Repository;

/**
 * The transaction of type `refund`, below the capture that the money came by. The payment's last transaction stays the
 * capture: by it the order's PaymentIntent is known.
 */
final class RefundTransaction
{
    public function __construct(private readonly Repository $transactions)
    {
    }

    /**
     * Let Magento write the transaction while it registers a memo.
     *
     * @param string|null $refundId `re_…`; null: no transaction, since the money has not moved yet
     * @param callable(): mixed $register
     */
    public function during(Payment $payment, ?string $refundId, callable $register): void
    {
        $last = $payment->getLastTransId();
        if ($refundId !== null) {
            $this->name($payment, $refundId);
        }
        $register();
        $payment->setLastTransId($last);
    }

    /**
     * Add it to a memo that is registered already, when the money has moved. It is saved with the order.
     *
     * @param string $refundId `re_…`
     */
    public function add(Payment $payment, string $refundId): void
    {
        $this->during($payment, $refundId, static fn () => $payment->addTransaction(Transaction::TYPE_REFUND));
    }

    private function name(Payment $payment, string $refundId): void
    {
        $capture = $this->transactions->getByTransactionType(Transaction::TYPE_CAPTURE, (int) $payment->getId());
        $payment->setTransactionId($refundId);
        $payment->setIsTransactionClosed(true);
        $payment->setShouldCloseParentTransaction(false);
        if ($capture) {
            $payment->setParentTransactionId($capture->getTxnId());
        }
    }
}
