<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Payment\Observer;

use Magento\Framework\Event\Observer;
use Magento\Framework\Event\ObserverInterface;
use Magento\Sales\Model\Order\Creditmemo;
use Magento\Sales\Model\Order\Payment;
use Sidecar\Stripe\Config\PaymentConfig;

/**
 * Puts right what Magento says of a refund that was only asked for, on `sales_order_payment_refund`.
 *
 * It gives the memo the payment's last transaction, which is the capture, and writes "We refunded … online." into the
 * order's history. The memo's transaction is to be the refund's, and the money has not moved yet.
 */
class DescribeAskedRefund implements ObserverInterface
{
    public function execute(Observer $observer): void
    {
        $payment = $observer->getData('payment');
        $creditmemo = $observer->getData('creditmemo');
        if (
            !$payment instanceof Payment
            || !$creditmemo instanceof Creditmemo
            || $payment->getMethod() !== PaymentConfig::CODE
            || (int) $creditmemo->getState() !== Creditmemo::STATE_OPEN
        ) {
            return;
        }
        $payment->setSkipTransactionCreation(false);
        $creditmemo->setTransactionId(null);
        $written = array_values(array_filter(
            $payment->getOrder()->getStatusHistories() ?? [],
            static fn ($line): bool => $line->getEntityId() === null
        ));
        $last = end($written);
        if ($last !== false) {
            $last->setComment((string) __(
                'A refund of %1 was asked for. It is done when Stripe has given the money back.',
                $payment->getOrder()->formatPriceTxt($creditmemo->getGrandTotal())
            ));
        }
    }
}
