"""An order's sums, in one currency."""

from schemas.contract import CurrencyCode, ExactDecimal, Frozen, Whole


class Totals(Frozen):
    """The sums of `sales_order`; all in `currency`.

    Attributes:
        grand_total: what the order costs: subtotal, shipping, tax and discount, less what was paid in kind.
        subtotal: the lines before shipping and discount, without tax.
        shipping_amount: shipping without its tax.
        tax_amount: all of the tax, that on shipping included.
        discount_amount: below zero where the order is reduced, as Magento keeps it.
        total_due: what is left to pay after earlier payments; what Stripe is asked for.
        shipping_tax_amount: the part of `tax_amount` that is on shipping.
        store_credit: the part that was paid with store credit, where an extension of Magento gives any.
        gift_cards: the part that was paid with gift cards, likewise.
    """

    currency: CurrencyCode
    grand_total: ExactDecimal
    subtotal: ExactDecimal
    shipping_amount: ExactDecimal
    tax_amount: ExactDecimal
    discount_amount: ExactDecimal
    total_due: ExactDecimal
    shipping_tax_amount: ExactDecimal | None = None
    store_credit: ExactDecimal | None = None
    gift_cards: ExactDecimal | None = None


class Item(Frozen):
    """A row of `sales_order_item`; amounts without a prefix are in order currency, `base_` ones in base currency.

    Attributes:
        item_id: what a credit memo's line refers to.
        parent_item_id: the configurable or bundle row that this one belongs to; money is on one of the two.
        product_type: Magento's type id, for example `simple`, `configurable`, `bundle`, `virtual`.
        qty_ordered: may be a fraction, where the product is sold by weight or length.
        price: of one, without tax.
        row_total: `price` times quantity, before discount.
        tax_amount: of the whole row.
        tax_percent: for example 19.0000.
        discount_amount: of the whole row, above zero where it is reduced (unlike the order's).
    """

    item_id: Whole
    parent_item_id: Whole | None = None
    sku: str
    name: str
    product_type: str = "simple"
    qty_ordered: ExactDecimal
    price: ExactDecimal
    row_total: ExactDecimal
    tax_amount: ExactDecimal
    tax_percent: ExactDecimal | None = None
    discount_amount: ExactDecimal
    base_price: ExactDecimal
    base_row_total: ExactDecimal
    base_tax_amount: ExactDecimal | None = None
    base_discount_amount: ExactDecimal | None = None
