<?php

declare(strict_types=1);

namespace Sidecar\Stripe\WriteBack;

use Magento\Sales\Model\Order;

/**
 * Where an order stands, by its row while that is locked. Amounts are in order currency, with four places.
 */
final class Standing
{
    /** The columns of `sales_order` that it is read from. */
    public const COLUMNS = [
        'entity_id',
        'state',
        'status',
        'hold_before_state',
        'grand_total',
        'total_paid',
        'total_invoiced',
        'total_refunded',
        'order_currency_code',
    ];

    /**
     * @param string|null $stateBeforeHold what a held order is held from
     * @param string $due what is still to be paid
     * @param string $paid what was paid
     * @param bool $invoiced whether there is an invoice, be it of a part
     * @param string $refundable what was paid and not given back
     * @param string $currency ISO 4217
     */
    public function __construct(
        public readonly int $orderId,
        public readonly string $state,
        public readonly string $status,
        public readonly ?string $stateBeforeHold,
        public readonly string $due,
        public readonly string $paid,
        public readonly bool $invoiced,
        public readonly string $refundable,
        public readonly string $currency
    ) {
    }

    /**
     * @param array<string, string|null> $row
     */
    public static function ofRow(array $row): self
    {
        $paid = Decimal::of($row['total_paid']);
        $due = Decimal::minus(Decimal::of($row['grand_total']), $paid);
        return new self(
            (int) $row['entity_id'],
            (string) $row['state'],
            (string) $row['status'],
            $row['hold_before_state'],
            Decimal::compare($due, '0') > 0 ? self::rounded($due) : Decimal::of('0'),
            $paid,
            Decimal::compare(Decimal::of($row['total_invoiced']), '0') > 0,
            Decimal::minus(self::rounded($paid), Decimal::of($row['total_refunded'])),
            (string) $row['order_currency_code']
        );
    }

    /**
     * As Magento rounds totals, whatever the currency: Magento\Sales\Model\Order::getTotalDue, ::canCreditmemo.
     */
    private static function rounded(string $amount): string
    {
        return Decimal::of(Decimal::rounded($amount, 2));
    }

    public function isHeld(): bool
    {
        return $this->state === Order::STATE_HOLDED;
    }

    /**
     * The state that decides about money: a held order's is the one that it was held from.
     */
    public function stateForMoney(): string
    {
        return $this->isHeld() ? (string) $this->stateBeforeHold : $this->state;
    }
}
