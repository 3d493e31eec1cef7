<?php

declare(strict_types=1);

namespace Sidecar\Stripe\WriteBack;

use Magento\Framework\Exception\LocalizedException;
use Magento\Framework\Phrase;
use Magento\Sales\Model\Order;
use Sidecar\Stripe\Api\Data\FailureInterface;
use Sidecar\Stripe\Api\Data\HoldInterface;
use Sidecar\Stripe\Api\Data\PaymentInterface;
use Sidecar\Stripe\Api\Data\PaymentLinkInterface;
use Sidecar\Stripe\Api\Data\ReopenInterface;
use Sidecar\Stripe\Api\OrderWriteBackInterface;
use Sidecar\Stripe\WriteBack\Effect\HoldOrder;
use Sidecar\Stripe\WriteBack\Effect\RecordAuthorization;
use Sidecar\Stripe\WriteBack\Effect\RecordCapture;
use Sidecar\Stripe\WriteBack\Effect\RecordFailure;
use Sidecar\Stripe\WriteBack\Effect\ReopenOrder;
use Sidecar\Stripe\WriteBack\Effect\ShowPaymentLink;

/**
 * The resources below `/V1/sidecar/orders/{id}`.
 */
final class OrderWriteBack implements OrderWriteBackInterface
{
    public function __construct(
        private readonly Requirements $requirements,
        private readonly Once $once,
        private readonly RecordAuthorization $recordAuthorization,
        private readonly RecordCapture $recordCapture,
        private readonly RecordFailure $recordFailure,
        private readonly ShowPaymentLink $showPaymentLink,
        private readonly HoldOrder $holdOrder,
        private readonly ReopenOrder $reopenOrder
    ) {
    }

    public function authorize($orderId, PaymentInterface $payment)
    {
        $this->requirements->payment($payment);
        return $this->once->write(
            $orderId,
            Resource::Authorization,
            $payment->getPaymentIntentId(),
            function (Order $order, Standing $standing) use ($payment): array {
                $this->checkAmount($standing, $payment);
                return $this->recordAuthorization->apply($order, $payment);
            }
        );
    }

    public function capture($orderId, PaymentInterface $payment)
    {
        $this->requirements->payment($payment);
        return $this->once->write(
            $orderId,
            Resource::Capture,
            $payment->getPaymentIntentId(),
            function (Order $order, Standing $standing, bool $authorized) use ($payment): array {
                $this->checkAmount($standing, $payment);
                return $this->recordCapture->apply($order, $payment, $authorized);
            },
            $payment->getPaymentIntentId()
        );
    }

    public function recordPaymentFailure($orderId, FailureInterface $failure)
    {
        $this->requirements->failure($failure);
        return $this->once->write(
            $orderId,
            Resource::PaymentFailure,
            $failure->getFailureId(),
            function (Order $order) use ($failure): array {
                $this->recordFailure->apply($order, $failure);
                return [];
            }
        );
    }

    public function showPaymentLink($orderId, PaymentLinkInterface $link)
    {
        $this->requirements->link($link);
        return $this->once->write(
            $orderId,
            Resource::PaymentLink,
            implode('/', [
                $link->getReason(),
                $link->getCheckoutSessionId() ?? '-',
                $link->getPaymentIntentId() ?? '-',
            ]),
            function (Order $order) use ($link): array {
                $this->showPaymentLink->apply($order, $link);
                return [];
            }
        );
    }

    public function hold($orderId, HoldInterface $hold)
    {
        $this->requirements->hold($hold);
        return $this->once->write(
            $orderId,
            Resource::Hold,
            $hold->getPaymentIntentId() . '/' . $hold->getReason(),
            function (Order $order) use ($hold): array {
                $this->holdOrder->apply($order, $hold);
                return [];
            }
        );
    }

    public function reopen($orderId, ReopenInterface $reopen)
    {
        $this->requirements->reopen($reopen);
        return $this->once->write(
            $orderId,
            Resource::Reopen,
            $reopen->getPaymentIntentId(),
            function (Order $order) use ($reopen): array {
                $this->reopenOrder->apply($order, $reopen);
                return [];
            }
        );
    }

    /**
     * @throws LocalizedException the payment is not what is due
     */
    private function checkAmount(Standing $order, PaymentInterface $payment): void
    {
        if (
            $payment->getCurrency() !== $order->currency
            || Decimal::compare($payment->getAmount(), $order->due) !== 0
        ) {
            throw new LocalizedException(new Phrase(
                'The payment of %1 does not match the order total of %2.',
                [
                    $payment->getAmount() . ' ' . $payment->getCurrency(),
                    $order->due . ' ' . $order->currency,
                ]
            ));
        }
    }
}
