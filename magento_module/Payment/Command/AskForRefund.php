<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Payment\Command;

use Magento\Payment\Gateway\CommandInterface;
use Magento\Payment\Gateway\Helper\SubjectReader;
use Magento\Sales\Model\Order\Creditmemo;
use Magento\Sales\Model\Order\Payment;

/**
 * "Refund" in the admin, and any other online refund: the memo stays open until the sidecar says what became of it.
 *
 * Nobody is called. The memo's event asks for the refund (`magento.creditmemo.created.v1` with `offline: false`), in
 * the transaction that saves the memo; that it is open when it is first saved is how an online memo is known.
 * "Refund Offline" does not come here: such a memo is `refunded` at once, and its event has `offline: true`.
 *
 * There is no transaction yet. The one of type `refund` is written with the refund's own id when the money has moved.
 */
class AskForRefund implements CommandInterface
{
    /**
     * @param array<string, mixed> $commandSubject
     */
    public function execute(array $commandSubject): void
    {
        /** @var Payment $payment */
        $payment = SubjectReader::readPayment($commandSubject)->getPayment();
        $creditmemo = $payment->getCreditmemo();
        if ($creditmemo instanceof Creditmemo) {
            $creditmemo->setState(Creditmemo::STATE_OPEN);
        }
        $payment->setSkipTransactionCreation(true);
    }
}
