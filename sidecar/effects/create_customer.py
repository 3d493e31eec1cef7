"""Make a buyer known to Stripe."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from typing_extensions import override

from schemas.stripe.customer import Customer
from sidecar.effects.stripe_effect import StripeEffect
from sidecar.ports.bundle import Ports
from sidecar.ports.payments import NewCustomer
from sidecar.ports.store import CustomerLinked, Fact


class CreateCustomer(StripeEffect):
    """One Stripe Customer per account of a website, and one per guest order: never merged by e-mail alone.

    Attributes:
        buyer: `customer/{customer_id}` or, for a guest, `order/{order_id}`.
    """

    website_code: str
    buyer: str
    new: NewCustomer

    @property
    @override
    def key(self) -> str:
        return self._key("customer", f"{self.order.instance}/{self.website_code}/{self.buyer}")

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
        return (CustomerLinked(self.stripe, self.order.instance, self.website_code, self.buyer, result.id),)

    @override
    def detail(self, result: Customer) -> Mapping[str, str]:
        return {"customer": result.id}
