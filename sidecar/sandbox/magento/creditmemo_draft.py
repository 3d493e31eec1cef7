"""A credit memo before it is on the books: worked out from what is left of an order, as core does."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Annotated

from pydantic import Field

from schemas.contract import ExactDecimal, Flag, Frozen
from schemas.money import EXPONENTS, in_base_currency
from sidecar.sandbox.magento.database import Row, Session
from sidecar.sandbox.magento.errors import MagentoError

ZERO = Decimal(0)
DECIMALS = 2
"""`PriceCurrency::round` knows two decimals; currencies without any are rounded to whole units."""
TAX_AND_DISCOUNT = ("tax", "discount")

NotNegative = Annotated[ExactDecimal, Field(ge=0)]


class WantedLine(Frozen):
    """A line of the order and how many of it come back; by its id, or by its SKU where a test knows no ids."""

    order_item_id: int | None = None
    sku: str | None = None
    qty: NotNegative


class WantedCreditmemo(Frozen):
    """What somebody enters into the form of a credit memo. Amounts in order currency.

    Attributes:
        items: null for all that is left.
        shipping_amount: without its tax; null for all that is left.
        store_credit: how much of it goes back as store credit.
        offline: made with "Refund Offline": no money is to move.
    """

    items: tuple[WantedLine, ...] | None = None
    shipping_amount: NotNegative | None = None
    adjustment_positive: NotNegative = ZERO
    adjustment_negative: NotNegative = ZERO
    store_credit: NotNegative = ZERO
    offline: Flag = False
    back_to_stock: Flag = False
    comment: str | None = None


@dataclass(frozen=True, slots=True)
class Sums:
    """What a line or a memo comes to, in one currency."""

    row_total: Decimal = ZERO
    tax: Decimal = ZERO
    discount: Decimal = ZERO

    @property
    def total(self) -> Decimal:
        """With tax, less discount."""
        return self.row_total + self.tax - self.discount


@dataclass(frozen=True, slots=True)
class DrawnLine:
    """One line of a memo."""

    item: Row
    qty: Decimal
    sums: Sums
    base_sums: Sums


@dataclass(frozen=True, slots=True)
class Drawn:
    """A memo that is not on the books yet. Amounts with `base_` in base currency, the others in order currency."""

    lines: tuple[DrawnLine, ...]
    shipping: Sums
    base_shipping: Sums
    adjustment_positive: Decimal
    adjustment_negative: Decimal
    base_adjustment_positive: Decimal
    base_adjustment_negative: Decimal
    store_credit: Decimal
    base_store_credit: Decimal
    offline: bool
    back_to_stock: bool
    comment: str | None

    @property
    def goods(self) -> Sums:
        """All lines."""
        return _sum([line.sums for line in self.lines])

    @property
    def base_goods(self) -> Sums:
        """All lines, in base currency."""
        return _sum([line.base_sums for line in self.lines])

    @property
    def grand_total(self) -> Decimal:
        """What is given back in money."""
        adjustments = self.adjustment_positive - self.adjustment_negative - self.store_credit
        return self.goods.total + self.shipping.total + adjustments

    @property
    def base_grand_total(self) -> Decimal:
        """The same in base currency."""
        adjustments = self.base_adjustment_positive - self.base_adjustment_negative - self.base_store_credit
        return self.base_goods.total + self.base_shipping.total + adjustments


async def draw_up(session: Session, order: Row, wanted: WantedCreditmemo) -> Drawn:
    """Work a memo out.

    Raises:
        MagentoError: a line is not the order's, or less of it is left.
    """
    items = await session.rows(
        "SELECT * FROM sales_order_item WHERE order_id = %s ORDER BY item_id", order["entity_id"]
    )
    quantities = _quantities(items, wanted.items)
    lines = tuple(_line(order, item, quantities[item["item_id"]]) for item in items if item["item_id"] in quantities)
    rate = Decimal(order["base_to_order_rate"])
    return Drawn(
        lines=lines,
        shipping=_shipping(order, items, wanted.shipping_amount, ""),
        base_shipping=_shipping(
            order,
            items,
            None if wanted.shipping_amount is None else in_base_currency(wanted.shipping_amount, rate),
            "base_",
            whole=wanted.shipping_amount in {None, _left(order, "shipping", "")},
        ),
        adjustment_positive=wanted.adjustment_positive,
        adjustment_negative=wanted.adjustment_negative,
        base_adjustment_positive=in_base_currency(wanted.adjustment_positive, rate),
        base_adjustment_negative=in_base_currency(wanted.adjustment_negative, rate),
        store_credit=wanted.store_credit,
        base_store_credit=in_base_currency(wanted.store_credit, rate),
        offline=wanted.offline,
        back_to_stock=wanted.back_to_stock,
        comment=wanted.comment,
    )


def _quantities(items: Sequence[Row], wanted: Sequence[WantedLine] | None) -> dict[int, Decimal]:
    left = {item["item_id"]: _qty_left(item) for item in items}
    if wanted is None:
        return {number: qty for number, qty in left.items() if qty}
    by_sku: dict[str, int] = {item["sku"]: item["item_id"] for item in items}
    chosen: dict[int, Decimal] = {}
    for line in wanted:
        number = by_sku.get(line.sku or "", 0) if line.order_item_id is None else line.order_item_id
        if line.qty > left.get(number, Decimal(-1)):
            raise MagentoError(400, 'The quantity to refund of "%1" is not available.', [str(number or line.sku)])
        chosen[number] = line.qty
    return chosen


def _qty_left(item: Row) -> Decimal:
    return Decimal(item["qty_invoiced"]) - Decimal(item["qty_refunded"])


def _line(order: Row, item: Row, qty: Decimal) -> DrawnLine:
    return DrawnLine(
        item,
        qty,
        _share(item, qty, "", _unit(order["order_currency_code"])),
        _share(item, qty, "base_", _unit(order["base_currency_code"])),
    )


def _share(item: Row, qty: Decimal, prefix: str, unit: Decimal) -> Sums:
    """What part of a line costs: the last part is all that is left, so that no cent stays behind."""
    left = _qty_left(item)
    rows = Decimal(item[f"{prefix}row_total"]) - Decimal(item[f"{prefix}amount_refunded"])
    tax = Decimal(item[f"{prefix}tax_amount"]) - Decimal(item[f"{prefix}tax_refunded"] or 0)
    discount = Decimal(item[f"{prefix}discount_amount"]) - Decimal(item[f"{prefix}discount_refunded"] or 0)
    if not qty:
        return Sums()
    if qty == left:
        return Sums(rows, tax, discount)
    return Sums(
        (Decimal(item[f"{prefix}price"]) * qty).quantize(unit, ROUND_HALF_UP),
        (tax * qty / left).quantize(unit, ROUND_HALF_UP),
        (discount * qty / left).quantize(unit, ROUND_HALF_UP),
    )


def _unit(currency: str) -> Decimal:
    return Decimal(1).scaleb(-min(EXPONENTS.get(currency, DECIMALS), DECIMALS))


def _left(order: Row, what: str, prefix: str) -> Decimal:
    return Decimal(order[f"{prefix}{what}_amount"]) - Decimal(order[f"{prefix}{what}_refunded"] or 0)


def _shipping(
    order: Row, items: Sequence[Row], asked: Decimal | None, prefix: str, *, whole: bool | None = None
) -> Sums:
    """Shipping that is given back; all of its tax and discount go with its last part, since none is given with others.

    Raises:
        MagentoError: less of it is left.
    """
    left = _left(order, "shipping", prefix)
    amount = left if asked is None or whole else asked
    if amount > left:
        raise MagentoError(400, "Maximum shipping amount allowed to refund is: %1", [str(left)])
    if not amount or amount != left:
        return Sums(amount)
    on_goods = {
        name: sum((Decimal(item[f"{prefix}{name}_amount"]) for item in items), ZERO) for name in TAX_AND_DISCOUNT
    }
    on_order = {name: abs(Decimal(order[f"{prefix}{name}_amount"])) for name in TAX_AND_DISCOUNT}
    rest = {name: on_order[name] - on_goods[name] for name in TAX_AND_DISCOUNT}
    return Sums(amount, rest["tax"], rest["discount"])


def _sum(parts: Sequence[Sums]) -> Sums:
    return Sums(
        sum((each.row_total for each in parts), ZERO),
        sum((each.tax for each in parts), ZERO),
        sum((each.discount for each in parts), ZERO),
    )
