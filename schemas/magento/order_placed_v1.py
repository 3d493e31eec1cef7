"""`magento.order.placed.v1`: an order exists in Magento and wants to be paid."""

from typing import Annotated, ClassVar

from pydantic import AwareDatetime, Field

from schemas.contract import ExactDecimal, Frozen
from schemas.ids import InstanceName, MagentoOrderId, OrderRef, PaymentMethodId
from schemas.magento.address import Address
from schemas.magento.store import Store
from schemas.magento.totals import Item, Totals

PAYMENT_METHOD_CODE = "sidecar_stripe"
"""The code of the module's payment method; orders paid by any other are not ours to pay."""


class Buyer(Frozen):
    """Who ordered; `customer_id` is null for a guest."""

    customer_id: int | None = None
    email: Annotated[str, Field(min_length=3, max_length=254)]
    firstname: str
    lastname: str
    group_id: int = 0
    locale: str | None = None

    @property
    def full_name(self) -> str:
        """First and last name."""
        return f"{self.firstname} {self.lastname}".strip()


class Payment(Frozen):
    """How the shopper chose to pay: Magento's method code and the allow-listed part of its additional data.

    Attributes:
        payment_method: a Stripe PaymentMethod id, when the shop's front collected one.
        save_card: keep the PaymentMethod on the Customer for later orders.
        off_session: the shopper is not there to authenticate (docs.stripe.com/api/payment_intents/create).
        return_url: where the shopper comes back to after 3-D Secure or Checkout.
    """

    method: str
    payment_method: PaymentMethodId | None = None
    save_card: bool = False
    off_session: bool = False
    return_url: str | None = None


class OrderPlacedV1(Frozen):
    """A full snapshot of the order, so that no consumer has to call Magento back."""

    TYPE: ClassVar[str] = "magento.order.placed.v1"

    instance: InstanceName
    store: Store
    order_id: Annotated[MagentoOrderId, Field(gt=0)]
    increment_id: Annotated[str, Field(min_length=1, max_length=50)]
    quote_id: int | None = None
    placed_at: AwareDatetime
    state: str
    status: str
    is_virtual: bool = False
    base_to_order_rate: ExactDecimal
    totals: Totals
    base_totals: Totals
    items: tuple[Item, ...]
    billing_address: Address
    shipping_address: Address | None = None
    shipping_description: str | None = None
    buyer: Buyer
    payment: Payment

    @property
    def ref(self) -> OrderRef:
        """The order's key."""
        return OrderRef(instance=self.instance, order_id=self.order_id)
