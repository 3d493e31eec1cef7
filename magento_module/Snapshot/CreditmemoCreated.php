<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Snapshot;

/**
 * `magento.creditmemo.created.v1`. Context: `offline`, `back_to_stock` (by the order's lines).
 */
final class CreditmemoCreated implements Snapshot
{
    /**
     * Refunds of cards begin with the first, of some other ways to pay with the second (docs.stripe.com/api/refunds).
     */
    private const STRIPE_REFUND = '/^(re|pyr)_[A-Za-z0-9_]+$/D';

    public function __construct(
        private readonly Rows $rows,
        private readonly Stores $stores
    ) {
    }

    public function of(int $id, array $context): array
    {
        $memo = $this->rows->get('sales_creditmemo', $id);
        $order = $this->rows->get('sales_order', (int) $memo['order_id']);
        $payment = $this->rows->find('sales_order_payment', 'parent_id', (int) $memo['order_id']);
        $invoice = $this->invoice($memo);
        $transaction = (string) $memo['transaction_id'];
        $stripeRefund = preg_match(self::STRIPE_REFUND, $transaction) === 1 ? $transaction : null;
        [$reason, $comment] = $this->comments($id, $memo);
        return [
            'store' => $this->stores->of($memo['store_id'] === null ? null : (int) $memo['store_id']),
            'creditmemo_id' => $id,
            'increment_id' => Texts::of($memo['increment_id']),
            'order_id' => (int) $memo['order_id'],
            'order_increment_id' => Texts::of($order['increment_id']),
            'invoice_id' => $memo['invoice_id'] === null ? null : (int) $memo['invoice_id'],
            'invoice_increment_id' => $memo['invoice_id'] === null || $invoice === null
                ? null
                : Texts::orNull($invoice['increment_id']),
            'totals' => $this->totals($memo, '', Texts::of($order['order_currency_code'])),
            'base_totals' => $this->totals($memo, 'base_', Texts::of($order['base_currency_code'])),
            'items' => $this->items($id, $context['back_to_stock']),
            'payment_method' => $payment === null ? '' : Texts::of($payment['method']),
            // What came from Stripe is no "Refund Offline": its money moved before the memo was made.
            'offline' => $context['offline'] && $stripeRefund === null,
            'reason' => $reason,
            'comment' => $comment,
            'transaction_id' => $invoice === null ? null : Texts::orNull($invoice['transaction_id']),
            'stripe_refund' => $stripeRefund,
            'created_at' => Times::ofColumn($memo['created_at']),
        ];
    }

    /**
     * The invoice that the memo gives back; for a memo of the order as a whole, its only one with a transaction.
     *
     * @param array<string, string|int|null> $memo
     * @return array<string, string|int|null>|null
     */
    private function invoice(array $memo): ?array
    {
        if ($memo['invoice_id'] !== null) {
            return $this->rows->find('sales_invoice', 'entity_id', (int) $memo['invoice_id']);
        }
        $paid = array_values(array_filter(
            $this->rows->all('sales_invoice', 'order_id', (int) $memo['order_id'], 'entity_id'),
            static fn (array $invoice): bool => (string) $invoice['transaction_id'] !== ''
        ));
        return count($paid) === 1 ? $paid[0] : null;
    }

    /**
     * @param array<string, string|int|null> $memo
     * @return array<string, string>
     */
    private function totals(array $memo, string $prefix, string $currency): array
    {
        $totals = ['currency' => $currency];
        $names = [
            ...['grand_total', 'subtotal', 'shipping_amount', 'tax_amount', 'discount_amount'],
            ...['adjustment_positive', 'adjustment_negative', 'shipping_tax_amount'],
        ];
        foreach ($names as $name) {
            $totals[$name] = Decimals::exact($memo[$prefix . $name]);
        }
        // Columns that Adobe Commerce adds: what was paid with none of Stripe's money does not go back there.
        $totals['store_credit'] = Decimals::sum(
            $memo[$prefix . 'customer_balance_amount'] ?? null,
            $memo[$prefix . 'gift_cards_amount'] ?? null,
            $memo[$prefix . 'reward_currency_amount'] ?? null
        );
        return $totals;
    }

    /**
     * @param array<int|string, bool> $backToStock
     * @return list<array<string, mixed>>
     */
    private function items(int $memoId, array $backToStock): array
    {
        return array_map(static fn (array $item): array => [
            'order_item_id' => (int) $item['order_item_id'],
            'sku' => Texts::of($item['sku']),
            'name' => Texts::orNull($item['name']),
            'qty' => Decimals::exact($item['qty']),
            'row_total' => Decimals::exact($item['row_total']),
            'tax_amount' => Decimals::exact($item['tax_amount']),
            'discount_amount' => Decimals::exact($item['discount_amount']),
            'back_to_stock' => $backToStock[(int) $item['order_item_id']] ?? null,
        ], $this->rows->all('sales_creditmemo_item', 'parent_id', $memoId, 'entity_id'));
    }

    /**
     * What was written for colleagues, and what for the shopper, who sees it in their account or by mail.
     *
     * @param array<string, string|int|null> $memo
     * @return array{string|null, string|null}
     */
    private function comments(int $memoId, array $memo): array
    {
        $inside = $outside = [];
        foreach ($this->rows->all('sales_creditmemo_comment', 'parent_id', $memoId, 'entity_id') as $comment) {
            if ((int) $comment['is_visible_on_front'] === 1 || (int) $comment['is_customer_notified'] === 1) {
                $outside[] = (string) $comment['comment'];
            } else {
                $inside[] = (string) $comment['comment'];
            }
        }
        return [Texts::orNull(implode("\n", $inside)), Texts::orNull(implode("\n", $outside))];
    }
}
