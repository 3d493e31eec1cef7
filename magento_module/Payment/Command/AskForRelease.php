<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Payment\Command;

use Magento\Payment\Gateway\CommandInterface;
use Magento\Payment\Gateway\Helper\SubjectReader;
use Magento\Sales\Model\Order\Payment;

/**
 * An order is cancelled whose money is reserved: Magento closes the authorisation, the event of the cancellation
 * (`magento.order.canceled.v1`) asks the sidecar to release it. Nobody is called here.
 */
class AskForRelease implements CommandInterface
{
    /**
     * @param array<string, mixed> $commandSubject
     */
    public function execute(array $commandSubject): void
    {
        /** @var Payment $payment */
        $payment = SubjectReader::readPayment($commandSubject)->getPayment();
        // Instead of "Canceled order online", which did not happen yet.
        $payment->setMessage(__('The reserved money is going to be released at Stripe.'));
    }
}
