<?php

declare(strict_types=1);

namespace Sidecar\Stripe\WriteBack\Effect;

use Magento\Framework\Exception\LocalizedException;
use Magento\Sales\Api\CreditmemoRepositoryInterface;
use Magento\Sales\Api\OrderRepositoryInterface;
use Magento\Sales\Model\Order;
use Magento\Sales\Model\Order\Creditmemo;
use Magento\Sales\Model\Order\OrderStateResolverInterface;
use Magento\Sales\Model\Order\RefundAdapterInterface;
use Sidecar\Stripe\Api\Data\RefundInterface;
use Sidecar\Stripe\WriteBack\Refunding\RefundTransaction;
use Sidecar\Stripe\WriteBack\RefundStatus;

/**
 * Registers the credit memo of a refund that was made in Stripe, offline: the money has moved already.
 */
final class RefundOrder
{
    public function __construct(
        private readonly RefundAdapterInterface $adapter,
        private readonly OrderStateResolverInterface $states,
        private readonly OrderRepositoryInterface $orders,
        private readonly CreditmemoRepositoryInterface $creditmemos,
        private readonly WhileReleased $whileReleased,
        private readonly RefundTransaction $transaction
    ) {
    }

    /**
     * @param Creditmemo $creditmemo the order's, not registered yet
     * @throws LocalizedException Magento does not take it
     */
    public function apply(Order $order, Creditmemo $creditmemo, RefundInterface $refund): void
    {
        $succeeded = $refund->getStatus() === RefundStatus::Succeeded->value;
        $this->whileReleased->run($order, function (
            Order $order,
            bool $held
        ) use (
            $creditmemo,
            $refund,
            $succeeded
        ): void {
            $before = [$order->getState(), $order->getStatus()];
            $amount = $order->formatPriceTxt($creditmemo->getGrandTotal());
            $order->getPayment()->setMessage(
                $succeeded ? __('Stripe gave %1 back.', $amount) : __('Stripe is about to give %1 back.', $amount)
            );
            // Magento registers only a memo that is refunded.
            $creditmemo->setState(Creditmemo::STATE_REFUNDED);
            $order->setCustomerNoteNotify(false);
            $this->transaction->during($order->getPayment(), $succeeded ? $refund->getRefundId() : null, fn () =>
                $this->adapter->refund($creditmemo, $order, false));
            if ($held) {
                // An order that is done cannot be held. Magento closes it when a person releases it.
                $order->setState($before[0])->setStatus($before[1]);
            } else {
                $this->settle($order);
            }
        });
        $creditmemo->setTransactionId($refund->getRefundId());
        $creditmemo->setState($succeeded ? Creditmemo::STATE_REFUNDED : Creditmemo::STATE_OPEN);
        $creditmemo->addComment(
            $refund->getReason() ?? (string) __('The refund %1 was made in Stripe.', $refund->getRefundId())
        );
        $this->orders->save($order);
        $this->creditmemos->save($creditmemo);
    }

    /**
     * The order's state after a refund, as Magento\Sales\Model\RefundOrder sets it.
     */
    private function settle(Order $order): void
    {
        $state = $this->states->getStateForOrder($order);
        if ($state === $order->getState()) {
            return;
        }
        $order->setState($state);
        if (!in_array($order->getStatus(), $order->getConfig()->getStateStatuses($state, false), true)) {
            $order->setStatus($order->getConfig()->getStateDefaultStatus($state));
        }
    }
}
