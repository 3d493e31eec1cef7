"""What the merchant has decided for a store: how payments are taken and what happens when things go wrong."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Literal

from pydantic import Field

from schemas.contract import Frozen
from schemas.ids import CustomerRef, OrderRef, StripeRef
from schemas.magento.store import Store
from sidecar.customer_profile.of_magento import Naming
from sidecar.customer_profile.profile import SharedField, TaxExempt

Owner = Literal["magento", "stripe", "newest"]
"""Who may change a field that both sides have. `newest`: either may, and of two changes the later one counts."""


class CustomerPolicy(Frozen):
    """What becomes of a store's customers.

    Attributes:
        create: when an account of Magento's becomes a Stripe Customer: at once, or with its first order.
        email: who may change the e-mail address; likewise `name`, `phone` and `address`, the default billing address.
        naming: what Stripe's `name` is for an account with a company.
        tax_exempt: by customer group; without any, what stands in Stripe stays.
        on_delete: what becomes of the Stripe Customer of an account that Magento deletes: it stays as it is, everything
            personal is taken from it, or it is deleted.
        link_guests: when an account takes over the Stripe Customer of an order that its owner placed as a guest: never,
            when Magento says that the order is the account's, or also when Magento has had the address confirmed.
        create_in_magento: make an account for a customer that somebody makes in Stripe.
    """

    create: Literal["always", "on_first_order"] = "always"
    email: Owner = "magento"
    name: Owner = "magento"
    phone: Owner = "magento"
    address: Owner = "magento"
    naming: Naming = "person"
    tax_exempt: Mapping[int, TaxExempt] = Field(default_factory=dict)
    on_delete: Literal["keep", "scrub", "delete"] = "keep"
    link_guests: Literal["never", "when_order_moved", "when_email_confirmed"] = "when_order_moved"
    create_in_magento: bool = False

    @property
    def owners(self) -> Mapping[SharedField, Owner]:
        """Who may change what."""
        return {"email": self.email, "name": self.name, "phone": self.phone, "address": self.address}

    @property
    def writes_to_magento(self) -> bool:
        """Whether anything that happens in Stripe may change an account of Magento's."""
        return self.create_in_magento or any(owner != "magento" for owner in self.owners.values())


class StorePolicy(Frozen):
    """The rules of one Magento store view.

    Attributes:
        stripe: the account and mode that its orders are paid with.
        capture_method: `manual` only reserves the money; somebody captures it later.
        offer: what a shopper who has not paid is given: a hosted page, an intent for a headless front, or both.
        payment_window: how long after it was placed an order may be paid; null means for ever.
        on_cancel_of_paid_order: what to do when Magento cancels an order whose payment was already recorded there.
        on_payment_of_canceled_order: what to do with a payment that lands on a cancelled order.
        on_ambiguous_refund: what to do with a refund made in Stripe whose amount fits several lines of the order: a
            credit memo over an `adjustment`, or wait until somebody makes one by hand (`manual`).
        refunds_return_stock: whether goods return to the stock whose line a refund made in Stripe gives back.
        description: what Stripe and the shopper's receipt call the payment; `{increment_id}` is filled in.
        statement_descriptor_suffix: what the card statement adds to the account's name; `{increment_id}` likewise.
        send_receipt: give Stripe the shopper's address so that it sends its own receipt.
        success_url: where Checkout leads back to, unless the order names a `return_url`.
        customers: what becomes of its customers.
    """

    stripe: StripeRef
    capture_method: Literal["automatic", "manual"] = "automatic"
    offer: tuple[Literal["checkout_session", "payment_intent"], ...] = ("checkout_session", "payment_intent")
    payment_window: timedelta | None = timedelta(hours=24)
    on_cancel_of_paid_order: Literal["refund", "keep"] = "refund"
    on_payment_of_canceled_order: Literal["refund", "reopen"] = "refund"
    on_ambiguous_refund: Literal["adjustment", "manual"] = "adjustment"
    refunds_return_stock: bool = False
    description: str = "Order {increment_id}"
    statement_descriptor_suffix: str | None = Field(default=None, max_length=22)
    send_receipt: bool = False
    success_url: str = "https://example.invalid/checkout/onepage/success"
    cancel_url: str = "https://example.invalid/checkout/cart"
    customers: CustomerPolicy = CustomerPolicy()


class Policies:
    """Finds the policy of a store."""

    def __init__(self, by_store: dict[tuple[str, str], StorePolicy]) -> None:
        self._by_store = by_store

    def of(self, subject: OrderRef | CustomerRef, store: Store) -> StorePolicy | None:
        """The store's policy, or its instance's (`*`), or None when the settings do not name it."""
        own = self._by_store.get((subject.instance, store.store_code))
        return own or self._by_store.get((subject.instance, "*"))

    def making_accounts(self, stripe: StripeRef) -> tuple[str, str] | None:
        """The instance and store view in which accounts are made for customers of this Stripe account, if any are."""
        found = [
            where
            for where, policy in self._by_store.items()
            if policy.stripe == stripe and policy.customers.create_in_magento
        ]
        return found[0] if len(found) == 1 else None

    def instances(self) -> frozenset[str]:
        """The instances that have a policy."""
        return frozenset(instance for instance, _ in self._by_store)
