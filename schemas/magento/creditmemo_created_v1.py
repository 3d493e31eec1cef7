"""`magento.creditmemo.created.v1`: a credit memo exists in Magento, and its money has to go back."""

from typing import Annotated, ClassVar

from pydantic import AwareDatetime, Field

from schemas.contract import CurrencyCode, ExactDecimal, Frozen
from schemas.ids import InstanceName, MagentoOrderId, OrderRef, RefundId
from schemas.magento.store import Store


class CreditmemoTotals(Frozen):
    """The sums of `sales_creditmemo`; all in `currency`.

    Attributes:
        adjustment_positive: given back on top of items and shipping.
        adjustment_negative: kept back from them.
        store_credit: the part that goes back as store credit, not to the card.
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


class CreditmemoItem(Frozen):
    """A line that is given back."""

    order_item_id: int
    sku: str
    qty: ExactDecimal
    row_total: ExactDecimal
    tax_amount: ExactDecimal
    discount_amount: ExactDecimal


class CreditmemoCreatedV1(Frozen):
    """A full snapshot of the credit memo.

    Attributes:
        offline: made with "Refund Offline": no money is to move.
        stripe_refund: the refund that it stands for, when it was made from one.
    """

    TYPE: ClassVar[str] = "magento.creditmemo.created.v1"

    instance: InstanceName
    store: Store
    creditmemo_id: Annotated[int, Field(gt=0)]
    increment_id: Annotated[str, Field(min_length=1, max_length=50)]
    order_id: Annotated[MagentoOrderId, Field(gt=0)]
    order_increment_id: Annotated[str, Field(min_length=1, max_length=50)]
    invoice_id: int | None = None
    totals: CreditmemoTotals
    base_totals: CreditmemoTotals
    items: tuple[CreditmemoItem, ...] = ()
    payment_method: str
    offline: bool = False
    reason: str | None = None
    stripe_refund: RefundId | None = None
    created_at: AwareDatetime

    @property
    def order(self) -> OrderRef:
        """The key of the order that it gives money back for."""
        return OrderRef(instance=self.instance, order_id=self.order_id)
