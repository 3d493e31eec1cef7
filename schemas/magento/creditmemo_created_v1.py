"""`magento.creditmemo.created.v1`: a credit memo exists in Magento, and its money has to go back."""

from typing import Annotated, ClassVar

from pydantic import Field

from schemas.contract import CurrencyCode, ExactDecimal, Flag, Frozen, Instant, Whole
from schemas.ids import InstanceName, MagentoCreditmemoId, MagentoOrderId, OrderRef, RefundId
from schemas.magento.store import Store


class CreditmemoTotals(Frozen):
    """The sums of `sales_creditmemo`; all in `currency`.

    Attributes:
        grand_total: what is given back in all, in money: store credit is no part of it.
        subtotal: the lines before discount, without tax.
        shipping_amount: shipping that is given back, without its tax.
        tax_amount: all of the tax, that on shipping included; adjustments carry none.
        discount_amount: below zero where the order was reduced, as Magento keeps it.
        adjustment_positive: given back on top of items and shipping.
        adjustment_negative: kept back from them.
        store_credit: the part that goes back as store credit, not to the card.
        shipping_tax_amount: the part of `tax_amount` that is on shipping.
    """

    currency: CurrencyCode
    grand_total: ExactDecimal
    subtotal: ExactDecimal
    shipping_amount: ExactDecimal
    tax_amount: ExactDecimal
    discount_amount: ExactDecimal
    adjustment_positive: ExactDecimal
    adjustment_negative: ExactDecimal
    store_credit: ExactDecimal
    shipping_tax_amount: ExactDecimal | None = None


class CreditmemoItem(Frozen):
    """A line that is given back, in order currency.

    Attributes:
        order_item_id: the order's line, `sales_order_item.item_id`.
        qty: how many come back; 0 for a memo of an amount only.
        row_total: price times quantity, before discount, without tax.
        tax_amount: of the whole row.
        discount_amount: of the whole row, above zero where it was reduced.
        back_to_stock: whether the goods return to the stock.
    """

    order_item_id: Whole
    sku: str
    name: str | None = None
    qty: ExactDecimal
    row_total: ExactDecimal
    tax_amount: ExactDecimal
    discount_amount: ExactDecimal
    back_to_stock: Flag | None = None


class CreditmemoCreatedV1(Frozen):
    """A full snapshot of the credit memo.

    Attributes:
        instance: the Magento installation; the ids are unique in it.
        creditmemo_id: `sales_creditmemo.entity_id`.
        increment_id: the memo's number that people see.
        order_id: `sales_order.entity_id`.
        invoice_id: `sales_invoice.entity_id`, null for a memo that was made for the order as a whole.
        totals: in order currency, in which Stripe gives back.
        base_totals: in base currency, which is what the merchant's books use.
        payment_method: the order's method code, `sidecar_stripe` for ours.
        offline: made with "Refund Offline": no money is to move.
        reason: what the person who made it wrote for themselves and colleagues.
        comment: what they wrote for the shopper.
        transaction_id: of the payment that the memo gives back, as Magento recorded it on the invoice.
        stripe_refund: the refund that it stands for, when it was made from one.
        created_at: `sales_creditmemo.created_at`, which Magento keeps in UTC.
    """

    TYPE: ClassVar[str] = "magento.creditmemo.created.v1"

    instance: InstanceName
    store: Store
    creditmemo_id: Annotated[MagentoCreditmemoId, Field(gt=0, strict=True)]
    increment_id: Annotated[str, Field(min_length=1, max_length=50)]
    order_id: Annotated[MagentoOrderId, Field(gt=0, strict=True)]
    order_increment_id: Annotated[str, Field(min_length=1, max_length=50)]
    invoice_id: Whole | None = None
    invoice_increment_id: str | None = None
    totals: CreditmemoTotals
    base_totals: CreditmemoTotals
    items: tuple[CreditmemoItem, ...] = ()
    payment_method: str
    offline: Flag = False
    reason: str | None = None
    comment: str | None = None
    transaction_id: str | None = None
    stripe_refund: RefundId | None = None
    created_at: Instant

    @property
    def order(self) -> OrderRef:
        """The key of the order that it gives money back for."""
        return OrderRef(instance=self.instance, order_id=self.order_id)
