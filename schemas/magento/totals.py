"""An order's sums, in one currency."""

from schemas.contract import CurrencyCode, ExactDecimal, Frozen


class Totals(Frozen):
    """The sums of `sales_order`; all in `currency`. `total_due` is what is left to pay after earlier payments."""

    currency: CurrencyCode
    grand_total: ExactDecimal
    subtotal: ExactDecimal
    shipping_amount: ExactDecimal
    tax_amount: ExactDecimal
    discount_amount: ExactDecimal
    total_due: ExactDecimal


class Item(Frozen):
    """An ordered line, in order currency. `discount_amount` is positive where the line is reduced."""

    item_id: int
    parent_item_id: int | None = None
    sku: str
    name: str
    product_type: str = "simple"
    qty_ordered: ExactDecimal
    price: ExactDecimal
    row_total: ExactDecimal
    tax_amount: ExactDecimal
    discount_amount: ExactDecimal
    base_price: ExactDecimal
    base_row_total: ExactDecimal
