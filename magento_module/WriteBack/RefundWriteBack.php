<?php

declare(strict_types=1);

namespace Sidecar\Stripe\WriteBack;

use Magento\Framework\Exception\LocalizedException;
use Magento\Framework\Phrase;
use Magento\Sales\Model\Order\Creditmemo;
use Sidecar\Stripe\Api\Data\CreditmemoRefundInterface;
use Sidecar\Stripe\Api\Data\RefundAnswerInterface;
use Sidecar\Stripe\Api\Data\RefundInterface;
use Sidecar\Stripe\Api\RefundWriteBackInterface;
use Sidecar\Stripe\WriteBack\Answer\RefundAnswer;
use Sidecar\Stripe\WriteBack\Effect\RecordRefundResult;
use Sidecar\Stripe\WriteBack\Effect\RefundOrder;
use Sidecar\Stripe\WriteBack\Refunding\MakeCreditmemo;

/**
 * The resources `/V1/sidecar/refunds` and `/V1/sidecar/creditmemos/{id}/refund`.
 */
final class RefundWriteBack implements RefundWriteBackInterface
{
    private const CREDITMEMO_STATES = [
        Creditmemo::STATE_OPEN => 'open',
        Creditmemo::STATE_REFUNDED => 'refunded',
        Creditmemo::STATE_CANCELED => 'canceled',
    ];

    public function __construct(
        private readonly Requirements $requirements,
        private readonly OrderLock $lock,
        private readonly Ledger $ledger,
        private readonly RefundLinks $links,
        private readonly RefundRules $rules,
        private readonly FreshOrder $orders,
        private readonly FreshCreditmemo $creditmemos,
        private readonly MakeCreditmemo $makeCreditmemo,
        private readonly RefundOrder $refundOrder,
        private readonly RecordRefundResult $recordRefundResult
    ) {
    }

    public function refund(RefundInterface $refund)
    {
        $this->requirements->refund($refund);
        return $this->lock->holding(
            $refund->getOrderId(),
            fn (Standing $order): RefundAnswerInterface => $this->refundOrder($order, $refund)
        );
    }

    public function recordResult($creditmemoId, CreditmemoRefundInterface $refund)
    {
        $this->requirements->creditmemoRefund($refund);
        return $this->lock->holding(
            $this->creditmemos->orderId($creditmemoId),
            fn (Standing $order): RefundAnswerInterface => $this->recordOn($order, $creditmemoId, $refund)
        );
    }

    private function refundOrder(Standing $standing, RefundInterface $refund): RefundAnswerInterface
    {
        $link = $this->links->find($refund->getAccount(), $refund->getMode(), $refund->getRefundId());
        $outcome = $this->rules->decide($standing, $link !== null);
        if ($outcome !== Outcome::Applied) {
            return $this->answer(
                $outcome,
                $standing,
                $link === null ? null : $this->creditmemos->load($link->creditmemoId)
            );
        }
        if ($refund->getCurrency() !== $standing->currency) {
            throw $this->mismatch($refund, $standing->currency);
        }
        if (Decimal::compare($refund->getAmount(), $standing->refundable) > 0) {
            return $this->answer(Outcome::NotRefundable, $standing);
        }
        $order = $this->orders->load($standing->orderId);
        $creditmemo = $this->makeCreditmemo->of($order, $refund);
        $total = Decimal::of($creditmemo->getGrandTotal());
        if (Decimal::compare($total, $refund->getAmount()) !== 0) {
            return $this->answer(Outcome::LinesDiffer, $standing)->setGrandTotal($total);
        }
        $this->refundOrder->apply($order, $creditmemo, $refund);
        $this->links->add(
            new RefundLink(
                $refund->getRefundId(),
                $standing->orderId,
                (int) $creditmemo->getId(),
                $refund->getAmount(),
                RefundStatus::from($refund->getStatus())
            ),
            $refund->getAccount(),
            $refund->getMode(),
            $refund->getCurrency()
        );
        return $this->answer(Outcome::Applied, $standing, $creditmemo)
            ->setState((string) $order->getState())
            ->setStatus((string) $order->getStatus());
    }

    private function recordOn(
        Standing $standing,
        int $creditmemoId,
        CreditmemoRefundInterface $refund
    ): RefundAnswerInterface {
        $creditmemo = $this->creditmemos->load($creditmemoId);
        $status = RefundStatus::from($refund->getStatus());
        $link = $refund->getRefundId() === null
            ? null
            : $this->links->find($refund->getAccount(), $refund->getMode(), $refund->getRefundId());
        if ($link !== null && $link->creditmemoId !== $creditmemoId) {
            return $this->answer(
                Outcome::LinkedElsewhere,
                $standing,
                $this->creditmemos->load($link->creditmemoId)
            );
        }
        $about = implode('/', [
            (string) $creditmemoId,
            $status === RefundStatus::Refused ? $refund->getCode() : $refund->getRefundId(),
            $status->value,
        ]);
        $done = $this->ledger->find($standing->orderId, Resource::CreditmemoRefund, $about) !== null;
        if ($done || !$status->follows($link?->status)) {
            return $this->answer(Outcome::AlreadyApplied, $standing, $creditmemo);
        }
        $total = Decimal::of($creditmemo->getGrandTotal());
        if ($refund->getCurrency() !== $standing->currency || Decimal::compare($refund->getAmount(), $total) > 0) {
            throw $this->mismatch($refund, "$total {$standing->currency}");
        }
        $this->link($standing, $creditmemoId, $refund, $status, $link);
        $order = $this->orders->load($standing->orderId);
        $this->recordRefundResult->apply(
            $order,
            $creditmemo,
            $refund,
            $status,
            $this->rules->isComplete($this->links->ofCreditmemo($creditmemoId), $total)
        );
        $this->ledger->keep($standing->orderId, Resource::CreditmemoRefund, $about, []);
        return $this->answer(Outcome::Applied, $standing, $creditmemo)
            ->setState((string) $order->getState())
            ->setStatus((string) $order->getStatus());
    }

    private function link(
        Standing $standing,
        int $creditmemoId,
        CreditmemoRefundInterface $refund,
        RefundStatus $status,
        ?RefundLink $known
    ): void {
        if ($refund->getRefundId() === null || $status === RefundStatus::Refused) {
            return;
        }
        if ($known !== null) {
            $this->links->setStatus($refund->getAccount(), $refund->getMode(), $refund->getRefundId(), $status);
            return;
        }
        $this->links->add(
            new RefundLink(
                $refund->getRefundId(),
                $standing->orderId,
                $creditmemoId,
                $refund->getAmount(),
                $status
            ),
            $refund->getAccount(),
            $refund->getMode(),
            $refund->getCurrency()
        );
    }

    private function mismatch(RefundInterface|CreditmemoRefundInterface $refund, string $expected): LocalizedException
    {
        return new LocalizedException(new Phrase(
            'The refund of %1 does not match %2.',
            [$refund->getAmount() . ' ' . $refund->getCurrency(), $expected]
        ));
    }

    private function answer(
        Outcome $outcome,
        Standing $order,
        ?Creditmemo $creditmemo = null
    ): RefundAnswerInterface {
        $answer = (new RefundAnswer())
            ->setOutcome($outcome->value)
            ->setOrderId($order->orderId)
            ->setState($order->state)
            ->setStatus($order->status);
        if ($creditmemo !== null) {
            $answer->setCreditmemoId((int) $creditmemo->getId());
            $answer->setCreditmemoIncrementId((string) $creditmemo->getIncrementId());
            $answer->setCreditmemoState(self::CREDITMEMO_STATES[(int) $creditmemo->getState()] ?? null);
        }
        return $answer;
    }
}
