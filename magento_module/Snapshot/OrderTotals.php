<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Snapshot;

/**
 * An order's sums in either currency: the columns of `sales_order`, with and without `base_`.
 */
final class OrderTotals
{
    /**
     * @param array<string, string|int|null> $order
     * @return array<string, string>
     */
    public function inOrderCurrency(array $order): array
    {
        return $this->sums($order, '', Texts::of($order['order_currency_code']));
    }

    /**
     * @param array<string, string|int|null> $order
     * @return array<string, string>
     */
    public function inBaseCurrency(array $order): array
    {
        return $this->sums($order, 'base_', Texts::of($order['base_currency_code']));
    }

    /**
     * @param array<string, string|int|null> $order
     * @return array<string, string>
     */
    private function sums(array $order, string $prefix, string $currency): array
    {
        $sums = ['currency' => $currency];
        foreach (['grand_total', 'subtotal', 'shipping_amount', 'tax_amount', 'discount_amount'] as $name) {
            $sums[$name] = Decimals::exact($order[$prefix . $name]);
        }
        $sums['total_due'] = Decimals::exactOrNull($order[$prefix . 'total_due'])
            ?? bcsub($sums['grand_total'], Decimals::exact($order[$prefix . 'total_paid']), 4);
        $sums['shipping_tax_amount'] = Decimals::exact($order[$prefix . 'shipping_tax_amount']);
        // Columns that Adobe Commerce adds; reward points are store credit by another name.
        if (array_key_exists($prefix . 'customer_balance_amount', $order)) {
            $sums['store_credit'] = Decimals::sum(
                $order[$prefix . 'customer_balance_amount'],
                $order[$prefix . 'reward_currency_amount'] ?? null
            );
        }
        if (array_key_exists($prefix . 'gift_cards_amount', $order)) {
            $sums['gift_cards'] = Decimals::exact($order[$prefix . 'gift_cards_amount']);
        }
        return $sums;
    }
}
