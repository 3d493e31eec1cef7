<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Publication;

use Magento\Framework\App\ResourceConnection;
use Magento\Framework\Exception\NoSuchEntityException;
use Magento\Framework\Phrase;
use Sidecar\Stripe\Api\RepublicationInterface;
use Sidecar\Stripe\Snapshot\Rows;
use Sidecar\Stripe\Snapshot\Times;
use Sidecar\Stripe\WriteBack\Answer\Answer;
use Sidecar\Stripe\WriteBack\Outcome;
use Throwable;

/**
 * Announces an order as it is now: that it was placed, that it is cancelled, and each of its credit memos.
 */
final class RepublishOrder implements RepublicationInterface
{
    private const CANCELED = 'canceled';

    /** Magento\Sales\Model\Order\Creditmemo::STATE_REFUNDED */
    private const REFUNDED = 2;

    public function __construct(
        private readonly ResourceConnection $resource,
        private readonly Rows $rows,
        private readonly Announcement $announcement
    ) {
    }

    public function republish($orderId)
    {
        $order = $this->rows->find('sales_order', 'entity_id', $orderId);
        if ($order === null) {
            throw new NoSuchEntityException(new Phrase("The entity that was requested doesn't exist."));
        }
        $connection = $this->resource->getConnection();
        $connection->beginTransaction();
        try {
            $this->announce($orderId, $order);
            $connection->commit();
        } catch (Throwable $error) {
            $connection->rollBack();
            throw $error;
        }
        return (new Answer())
            ->setOutcome(Outcome::Applied->value)
            ->setOrderId($orderId)
            ->setState((string) $order['state'])
            ->setStatus((string) $order['status']);
    }

    /**
     * @param array<string, string|int|null> $order
     */
    private function announce(int $orderId, array $order): void
    {
        $this->announcement->of(Happening::ofOrder(EventType::ORDER_PLACED, $orderId));
        if ($order['state'] === self::CANCELED) {
            $this->announcement->of(Happening::ofOrder(EventType::ORDER_CANCELED, $orderId, [
                'canceled_at' => Times::ofColumn((string) $order['updated_at']),
                'reason' => null,
            ]));
        }
        foreach ($this->rows->all('sales_creditmemo', 'order_id', $orderId, 'entity_id') as $memo) {
            $this->announcement->of(new Happening(
                EventType::CREDITMEMO_CREATED,
                (int) $memo['entity_id'],
                "order/$orderId",
                ['offline' => $this->wasOffline($memo), 'back_to_stock' => []]
            ));
        }
    }

    /**
     * Whether no money was to move. Magento does not keep it, but a memo whose money is to move stays open until its
     * refund is known (Sidecar\Stripe\Plugin\KeepWaitingCreditmemo).
     *
     * @param array<string, string|int|null> $memo
     */
    private function wasOffline(array $memo): bool
    {
        return (int) $memo['state'] === self::REFUNDED && (string) $memo['transaction_id'] === '';
    }
}
