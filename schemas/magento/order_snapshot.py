"""An order as Magento has it at one moment: what its events carry, so that no consumer has to call Magento back."""

from typing import Annotated

from pydantic import Field

from schemas.contract import Flag, Frozen, Instant, PositiveDecimal, Whole
from schemas.ids import CustomerRef, InstanceName, MagentoCustomerId, MagentoOrderId, OrderRef, PaymentMethodId
from schemas.magento.address import Address
from schemas.magento.store import Store
from schemas.magento.totals import Item, Totals

PAYMENT_METHOD_CODE = "sidecar_stripe"
"""The code of the module's payment method; orders paid by any other are not ours to pay."""


class Buyer(Frozen):
    """Who ordered.

    Attributes:
        customer_id: `customer_entity.entity_id`, null for a guest.
        email: where the receipt goes.
        group_id: the customer group, 0 for "not logged in".
        locale: of the store view the shopper saw, for example `de_DE`.
    """

    customer_id: Whole | None = None
    email: Annotated[str, Field(min_length=3, max_length=254)]
    firstname: str
    lastname: str
    group_id: Whole = 0
    locale: str | None = None

    @property
    def full_name(self) -> str:
        """First and last name."""
        return f"{self.firstname} {self.lastname}".strip()


class Payment(Frozen):
    """How the shopper chose to pay: Magento's method code and the allow-listed part of its additional data.

    Attributes:
        method: `sales_order_payment.method`, `sidecar_stripe` for ours.
        payment_method: a Stripe PaymentMethod id, when the shop's front collected one.
        save_card: keep the PaymentMethod on the Customer for later orders.
        off_session: the shopper is not there to authenticate (docs.stripe.com/api/payment_intents/create).
        return_url: where the shopper comes back to after 3-D Secure or Checkout.
    """

    method: str
    payment_method: PaymentMethodId | None = None
    save_card: Flag = False
    off_session: Flag = False
    return_url: str | None = None


class OrderSnapshot(Frozen):
    """A full snapshot of an order.

    Attributes:
        instance: the Magento installation; `order_id` is unique in it.
        order_id: `sales_order.entity_id`.
        increment_id: the number that people see; not unique across stores.
        quote_id: the cart it was made from.
        placed_at: `sales_order.created_at`, which Magento keeps in UTC.
        state: Magento's order state at that time, for example `pending_payment`.
        status: the merchant's status in that state.
        is_virtual: nothing is to be shipped.
        base_to_order_rate: how much order currency one unit of base currency buys.
        totals: in order currency, which is what Stripe charges.
        base_totals: in base currency, which is what the merchant's books use.
        items: the ordered lines, those of composite products included.
        shipping_address: null if nothing is to be shipped.
        coupon_code: what the shopper typed in for the discount.
        replaces_order_id: the order that this one was made from and that is cancelled with it, when somebody edited an
            order in the admin: Magento makes a new one.
    """

    instance: InstanceName
    store: Store
    order_id: Annotated[MagentoOrderId, Field(gt=0, strict=True)]
    increment_id: Annotated[str, Field(min_length=1, max_length=50)]
    quote_id: Whole | None = None
    placed_at: Instant
    state: str
    status: str
    is_virtual: Flag = False
    base_to_order_rate: PositiveDecimal
    totals: Totals
    base_totals: Totals
    items: tuple[Item, ...]
    billing_address: Address
    shipping_address: Address | None = None
    shipping_description: str | None = None
    coupon_code: str | None = None
    buyer: Buyer
    payment: Payment
    replaces_order_id: Whole | None = None

    @property
    def ref(self) -> OrderRef:
        """The order's key."""
        return OrderRef(instance=self.instance, order_id=self.order_id)

    @property
    def customer(self) -> CustomerRef | None:
        """The key of the account that ordered; None for a guest."""
        account = self.buyer.customer_id
        if account is None:
            return None
        return CustomerRef(instance=self.instance, customer_id=MagentoCustomerId(account))
