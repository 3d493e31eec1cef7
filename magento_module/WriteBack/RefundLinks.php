<?php

declare(strict_types=1);

namespace Sidecar\Stripe\WriteBack;

use Magento\Framework\App\ResourceConnection;

/**
 * The refunds in Stripe that Magento knows, each with its credit memo: `sidecar_refund`.
 *
 * A refund is linked once, whichever side made it: a memo that came of a refund is not refunded again, and a refund
 * that came of a memo makes no second memo.
 */
final class RefundLinks
{
    public const TABLE = 'sidecar_refund';

    public function __construct(private readonly ResourceConnection $resource)
    {
    }

    /**
     * @param string $account the Stripe account, by the sidecar's name for it
     * @param string $mode `test` or `live`
     * @param string $refundId `re_…`
     */
    public function find(string $account, string $mode, string $refundId): ?RefundLink
    {
        return $this->links('account = ? AND mode = ? AND refund_id = ?', [$account, $mode, $refundId])[0] ?? null;
    }

    /**
     * The refunds that a memo's money goes back by; several when it came by several payments.
     *
     * @return list<RefundLink> the first one first
     */
    public function ofCreditmemo(int $creditmemoId): array
    {
        return $this->links('creditmemo_id = ?', [$creditmemoId]);
    }

    /**
     * @param string $currency of its amount
     * @throws NotNow another request linked the same refund just now
     */
    public function add(RefundLink $link, string $account, string $mode, string $currency): void
    {
        try {
            $this->resource->getConnection('sales')->insert($this->table(), [
                'account' => $account,
                'mode' => $mode,
                'refund_id' => $link->refundId,
                'order_id' => $link->orderId,
                'creditmemo_id' => $link->creditmemoId,
                'amount' => $link->amount,
                'currency' => $currency,
                'status' => $link->status->value,
            ]);
        } catch (\Throwable $problem) {
            throw NotNow::isDuplicate($problem) ? NotNow::because($problem) : $problem;
        }
    }

    public function setStatus(string $account, string $mode, string $refundId, RefundStatus $status): void
    {
        $this->resource->getConnection('sales')->update(
            $this->table(),
            ['status' => $status->value],
            ['account = ?' => $account, 'mode = ?' => $mode, 'refund_id = ?' => $refundId]
        );
    }

    /**
     * @param list<int|string> $values
     * @return list<RefundLink>
     */
    private function links(string $condition, array $values): array
    {
        $connection = $this->resource->getConnection('sales');
        $rows = $connection->fetchAll(
            sprintf(
                'SELECT refund_id, order_id, creditmemo_id, amount, status FROM %s WHERE %s ORDER BY id',
                $connection->quoteIdentifier($this->table()),
                $condition
            ),
            $values
        );
        return array_map(static fn (array $row): RefundLink => new RefundLink(
            $row['refund_id'],
            (int) $row['order_id'],
            (int) $row['creditmemo_id'],
            $row['amount'],
            RefundStatus::from($row['status'])
        ), $rows);
    }

    private function table(): string
    {
        return $this->resource->getTableName(self::TABLE, 'sales');
    }
}
