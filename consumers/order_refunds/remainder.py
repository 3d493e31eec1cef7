"""What of an order has not been given back: line by line, shipping, and in money."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from typing import Self

from schemas.magento.creditmemo_created_v1 import CreditmemoCreatedV1
from schemas.magento.order_placed_v1 import OrderPlacedV1
from schemas.money import EXPONENTS
from sidecar.ports.magento import StripeRefund

ZERO = Decimal(0)
DECIMALS = 2
"""Magento rounds shares of tax and discount to two decimals; in currencies without any, to whole units."""


@dataclass(frozen=True, slots=True)
class Row:
    """A line, or shipping, as far as it is left; all amounts in order currency.

    Attributes:
        price: of one, without tax.
        amount: before discount, without tax.
    """

    qty: Decimal
    price: Decimal
    amount: Decimal
    tax: Decimal
    discount: Decimal

    @property
    def total(self) -> Decimal:
        """All that is left, with tax, less discount."""
        return self.amount + self.tax - self.discount

    def part(self, qty: Decimal, unit: Decimal) -> "Row":
        """So many of it, as Magento reckons: shares are rounded, and the last part is all that is left."""
        if qty == self.qty:
            return self
        share = qty / self.qty
        return replace(
            self,
            qty=qty,
            amount=(self.price * qty).quantize(unit, ROUND_HALF_UP),
            tax=(self.tax * share).quantize(unit, ROUND_HALF_UP),
            discount=(self.discount * share).quantize(unit, ROUND_HALF_UP),
        )

    def less(self, part: "Row") -> "Row":
        """What is left without a part."""
        return replace(
            self,
            qty=self.qty - part.qty,
            amount=self.amount - part.amount,
            tax=self.tax - part.tax,
            discount=self.discount - part.discount,
        )


@dataclass(frozen=True, slots=True)
class Remainder:
    """What is left of an order.

    Attributes:
        rows: by `sales_order_item.item_id`; lines that cost nothing are not among them.
        shipping: its quantity is 1, or 0 when all of it went back.
        money: what was paid and not given back.
        exact: whether rows and shipping are known to the last decimal; what lines come back can only be told then.
        unit: what shares are rounded to.
    """

    rows: Mapping[int, Row]
    shipping: Row
    money: Decimal
    exact: bool
    unit: Decimal

    @classmethod
    def of(cls, order: OrderPlacedV1) -> Self:
        """All of an order."""
        totals = order.totals
        rows = {
            item.item_id: Row(item.qty_ordered, item.price, item.row_total, item.tax_amount, item.discount_amount)
            for item in order.items
            if item.qty_ordered and (item.row_total or item.tax_amount)
        }
        shipping = Row(
            Decimal(1),
            totals.shipping_amount,
            totals.shipping_amount,
            totals.tax_amount - _sum(row.tax for row in rows.values()),
            abs(totals.discount_amount) - _sum(row.discount for row in rows.values()),
        )
        adds_up = _sum(row.total for row in rows.values()) + shipping.total == totals.total_due
        honest = shipping.tax >= 0 and shipping.discount >= 0 and (shipping.amount > 0 or shipping.total == 0)
        unit = Decimal(1).scaleb(-min(EXPONENTS.get(totals.currency, DECIMALS), DECIMALS))
        return cls(rows, shipping, totals.total_due, adds_up and honest, unit)

    @property
    def total(self) -> Decimal:
        """What all rows and shipping come to."""
        return _sum(row.total for row in self.rows.values()) + self.shipping.total

    def after(self, memo: CreditmemoCreatedV1) -> "Remainder":
        """Without what a credit memo gave back."""
        rows = dict(self.rows)
        for line in memo.items:
            row = rows.get(line.order_item_id)
            if row is not None:
                given = Row(line.qty, row.price, line.row_total, line.tax_amount, line.discount_amount)
                rows[line.order_item_id] = row.less(given)
        totals = memo.totals
        shipping = Row(
            ZERO,
            ZERO,
            totals.shipping_amount,
            totals.tax_amount - _sum(line.tax_amount for line in memo.items),
            abs(totals.discount_amount) - _sum(line.discount_amount for line in memo.items),
        )
        return self._left(rows, self.shipping.less(shipping), totals.grand_total)

    def after_told(self, told: StripeRefund) -> "Remainder":
        """Without what Magento was told to give back; its own memo says more, once its event has come."""
        if told.lines == "amount":
            return self._left(self.rows, self.shipping, told.amount)
        rows, shipping = dict(self.rows), self.shipping
        whole = told.lines == "whole"
        for number, row in self.rows.items():
            qty = row.qty if whole else _sum(item.qty for item in told.items if item.order_item_id == number)
            if qty and qty <= row.qty:
                rows[number] = row.less(row.part(qty, self.unit))
        if whole or told.shipping_amount is not None:
            shipping = shipping.less(shipping)
        return self._left(rows, shipping, told.amount)

    def after_amount(self, amount: Decimal) -> "Remainder":
        """Without an amount of which nobody knows the lines."""
        return replace(self, money=self.money - amount, exact=False)

    def _left(self, rows: Mapping[int, Row], shipping: Row, given: Decimal) -> "Remainder":
        left = {number: row for number, row in rows.items() if row.qty > 0}
        some = shipping if shipping.amount > 0 else replace(shipping, qty=ZERO)
        return replace(self, rows=left, shipping=some, money=self.money - given)


def _sum(amounts: Iterable[Decimal]) -> Decimal:
    return sum(amounts, ZERO)
