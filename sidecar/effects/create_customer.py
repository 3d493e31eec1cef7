"""Make a buyer known to Stripe."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Self

from pydantic import model_validator
from typing_extensions import override

from schemas.ids import CustomerRef, OrderRef
from schemas.stripe.customer import Customer
from sidecar.customer_profile.of_stripe import profile_of_stripe
from sidecar.customer_profile.profile import Agreement, Profile
from sidecar.effects.stripe_effect import StripeEffect
from sidecar.ports.bundle import Ports
from sidecar.ports.facts import CustomerLinked, Fact
from sidecar.ports.payments import NewCustomer


class CreateCustomer(StripeEffect):
    """One Stripe Customer per account of a website, and one per guest order: never merged by e-mail alone.

    An order and a change of its account may ask for the same one: whoever writes it down first decides what it is like.

    Attributes:
        order: the order that asked for it, if one did; a guest's own.
        customer: the account; null for a guest.
        buyer: `customer/{customer_id}` or, for a guest, `order/{order_id}`.
        number: 1 for the buyer's first; another follows when the one before it is gone.
        magento: what Magento's account had, where it was looked at.
    """

    order: OrderRef | None = None
    customer: CustomerRef | None = None
    website_code: str
    buyer: str
    number: int = 1
    new: NewCustomer
    magento: Profile | None = None

    @model_validator(mode="after")
    def _for_somebody(self) -> Self:
        if self.order is None and self.customer is None:
            raise ValueError("a Stripe Customer stands for an account or for the guest of an order")
        return self

    @property
    @override
    def subject(self) -> OrderRef | CustomerRef:
        # Effects that the release before wrote down name the order alone, and stand in the ledger under it.
        subject = self.customer or self.order
        if subject is None:
            raise AssertionError("checked when it was made")
        return subject

    @property
    @override
    def key(self) -> str:
        again = "" if self.number == 1 else f"#{self.number}"
        return self._key("customer", f"{self.subject.instance}/{self.website_code}/{self.buyer}{again}")

    @property
    @override
    def summary(self) -> str:
        return "Created the Stripe Customer" if self.number == 1 else "Created a Stripe Customer for one that is gone"

    @override
    async def perform(self, ports: Ports) -> Customer:
        marked = self.new.model_copy(update={"metadata": self.new.metadata | self.mark})
        return await self.account(ports).create_customer(marked, key=self.idempotency_key)

    @override
    async def find(self, ports: Ports, since: datetime) -> Customer | None:
        return await self.account(ports).find_customer(self.new.email, self.mark)

    @override
    def facts(self, result: Customer, at: datetime) -> Sequence[Fact]:
        agreed = None
        if self.customer is not None:
            agreed = Agreement(magento=self.magento, stripe=profile_of_stripe(result))
        linked = CustomerLinked(
            self.stripe, self.subject.instance, self.website_code, self.buyer, result.id, self.number, agreed
        )
        return (linked,)

    @override
    def detail(self, result: Customer) -> Mapping[str, str]:
        return {"customer": result.id}
