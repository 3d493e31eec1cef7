"""Make a buyer known to Stripe."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Self

from pydantic import model_validator
from typing_extensions import override

from schemas.ids import CustomerRef, OrderRef
from schemas.stripe.customer import Customer
from sidecar.effects.stripe_effect import StripeEffect
from sidecar.ports.bundle import Ports
from sidecar.ports.payments import NewCustomer
from sidecar.ports.store import CustomerLinked, Fact


class CreateCustomer(StripeEffect):
    """One Stripe Customer per account of a website, and one per guest order: never merged by e-mail alone.

    Attributes:
        order: the order that asked for it; the guest's own, or an account's first.
        customer: the account; null for a guest.
        buyer: `customer/{customer_id}` or, for a guest, `order/{order_id}`.
    """

    order: OrderRef | None = None
    customer: CustomerRef | None = None
    website_code: str
    buyer: str
    new: NewCustomer

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
        return self._key("customer", f"{self.subject.instance}/{self.website_code}/{self.buyer}")

    @property
    @override
    def summary(self) -> str:
        return "Created the Stripe Customer"

    @override
    async def perform(self, ports: Ports) -> Customer:
        marked = self.new.model_copy(update={"metadata": self.new.metadata | self.mark})
        return await self.account(ports).create_customer(marked, key=self.idempotency_key)

    @override
    async def find(self, ports: Ports, since: datetime) -> Customer | None:
        return await self.account(ports).find_customer(self.new.email, self.mark)

    @override
    def facts(self, result: Customer, at: datetime) -> Sequence[Fact]:
        return (CustomerLinked(self.stripe, self.subject.instance, self.website_code, self.buyer, result.id),)

    @override
    def detail(self, result: Customer) -> Mapping[str, str]:
        return {"customer": result.id}
