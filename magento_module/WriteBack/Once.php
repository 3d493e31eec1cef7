<?php

declare(strict_types=1);

namespace Sidecar\Stripe\WriteBack;

use Magento\Framework\Exception\NoSuchEntityException;
use Magento\Sales\Model\Order;
use Sidecar\Stripe\Api\Data\AnswerInterface;
use Sidecar\Stripe\WriteBack\Answer\Answer;

/**
 * Writes each thing about a payment once, by its key, under the order's lock.
 */
final class Once
{
    public function __construct(
        private readonly OrderLock $lock,
        private readonly Ledger $ledger,
        private readonly Rules $rules,
        private readonly FreshOrder $orders
    ) {
    }

    /**
     * @param string $about the key: what Stripe calls the thing that is written
     * @param string|null $authorization the key of the authorisation whose money this would take
     * @param callable(Order, Standing, bool): array<string, int|string> $effect writes it and gives the ids that are
     *     answered; its last parameter says whether that authorisation was recorded
     * @throws NoSuchEntityException there is no such order
     * @throws NotNow somebody else holds the order; nothing was written
     */
    public function write(
        int $orderId,
        Resource $resource,
        string $about,
        callable $effect,
        ?string $authorization = null
    ): AnswerInterface {
        return $this->lock->holding($orderId, function (Standing $order) use (
            $resource,
            $about,
            $effect,
            $authorization
        ): AnswerInterface {
            $ids = $this->ledger->find($order->orderId, $resource, $about);
            $authorized = $authorization !== null
                && $this->ledger->find($order->orderId, Resource::Authorization, $authorization) !== null;
            $outcome = $this->rules->decide($resource, $order, $ids !== null, $authorized);
            if ($outcome !== Outcome::Applied) {
                return $this->answer($outcome, $order->orderId, $order->state, $order->status, $ids ?? []);
            }
            $model = $this->orders->load($order->orderId);
            $ids = $effect($model, $order, $authorized);
            $this->ledger->keep($order->orderId, $resource, $about, $ids);
            return $this->answer(
                $outcome,
                $order->orderId,
                (string) $model->getState(),
                (string) $model->getStatus(),
                $ids
            );
        });
    }

    /**
     * @param array<string, int|string> $ids
     */
    private function answer(Outcome $outcome, int $orderId, string $state, string $status, array $ids): AnswerInterface
    {
        return (new Answer())
            ->setOutcome($outcome->value)
            ->setOrderId($orderId)
            ->setState($state)
            ->setStatus($status)
            ->setInvoiceId($ids['invoice_id'] ?? null)
            ->setTransactionId($ids['transaction_id'] ?? null);
    }
}
