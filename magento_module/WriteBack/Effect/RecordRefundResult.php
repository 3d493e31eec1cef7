<?php

declare(strict_types=1);

namespace Sidecar\Stripe\WriteBack\Effect;

use Magento\Framework\Notification\NotifierInterface;
use Magento\Sales\Api\CreditmemoRepositoryInterface;
use Magento\Sales\Api\OrderRepositoryInterface;
use Magento\Sales\Model\Order;
use Magento\Sales\Model\Order\Creditmemo;
use Sidecar\Stripe\Api\Data\CreditmemoRefundInterface;
use Sidecar\Stripe\WriteBack\Refunding\RefundTransaction;
use Sidecar\Stripe\WriteBack\RefundStatus;

/**
 * Says on a credit memo what became of its money. Magento cannot take a memo back, so that a refund that failed leaves
 * it open, where a person sees it: in the memo, in the order's history and in the admin's inbox.
 */
final class RecordRefundResult
{
    public function __construct(
        private readonly OrderRepositoryInterface $orders,
        private readonly CreditmemoRepositoryInterface $creditmemos,
        private readonly RefundTransaction $transaction,
        private readonly NotifierInterface $inbox
    ) {
    }

    /**
     * @param bool $complete whether all of the memo's money is back
     */
    public function apply(
        Order $order,
        Creditmemo $creditmemo,
        CreditmemoRefundInterface $refund,
        RefundStatus $status,
        bool $complete
    ): void {
        $amount = $order->getOrderCurrency()->formatTxt((float) $refund->getAmount());
        $creditmemo->setOrder($order);
        if ($refund->getRefundId() !== null && (string) $creditmemo->getTransactionId() === '') {
            $creditmemo->setTransactionId($refund->getRefundId());
        }
        $creditmemo->setState($complete ? Creditmemo::STATE_REFUNDED : Creditmemo::STATE_OPEN);
        $said = match ($status) {
            RefundStatus::Succeeded => __('Stripe gave %1 back. Refund: %2', $amount, $refund->getRefundId()),
            RefundStatus::Pending => __('Stripe is about to give %1 back. Refund: %2', $amount, $refund->getRefundId()),
            RefundStatus::RequiresAction => __(
                'The shopper has to say to Stripe where %1 go back to. Refund: %2',
                $amount,
                $refund->getRefundId()
            ),
            RefundStatus::Refused => __('Stripe refused to give %1 back: %2', $amount, $this->why($refund)),
            RefundStatus::Failed, RefundStatus::Canceled => __(
                '%1 did not go back: %2 Refund: %3',
                $amount,
                $this->why($refund),
                $refund->getRefundId()
            ),
        };
        if ($status === RefundStatus::Succeeded) {
            $this->transaction->add($order->getPayment(), (string) $refund->getRefundId());
        }
        if ($status->isFailure()) {
            $creditmemo->addComment((string) $said);
            $this->inbox->addMajor(
                (string) __('The refund of order %1 failed', $order->getIncrementId()),
                (string) __('Credit memo %1: %2', $creditmemo->getIncrementId(), $said)
            );
        }
        $order->setHistoryEntityName('creditmemo')->addCommentToStatusHistory($said);
        $this->orders->save($order);
        $this->creditmemos->save($creditmemo);
    }

    private function why(CreditmemoRefundInterface $refund): string
    {
        return implode(' ', array_filter([
            $refund->getMessage(),
            $refund->getCode() === null ? null : '(' . $refund->getCode() . ')',
        ]));
    }
}
