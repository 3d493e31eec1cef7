"""Let an account take over a Stripe Customer that is there already."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Literal

from typing_extensions import override

from schemas.stripe.customer import Customer
from sidecar.effects.linked_customer import LinkedCustomerEffect
from sidecar.errors import NotFoundError
from sidecar.ports.bundle import Ports
from sidecar.ports.facts import CustomerLinked, Fact


class LinkCustomer(LinkedCustomerEffect):
    """Links an account to a Stripe Customer that names it, or to one of a guest who turned out to be its owner.

    Attributes:
        number: the buyer's how manieth this is.
        why: `named`: the Stripe Customer carries the account's number already. `order_moved`: Magento gave the guest's
            order to the account. `email_confirmed`: both have the same address, and Magento had it confirmed.
    """

    website_code: str
    number: int
    why: Literal["named", "order_moved", "email_confirmed"]

    @property
    @override
    def key(self) -> str:
        return self._key("link_customer", f"{self.customer}/{self.website_code}/{self.stripe_customer}/{self.number}")

    @property
    @override
    def summary(self) -> str:
        return f"Linked the account to a Stripe Customer that was there: {self.why.replace('_', ' ')}"

    @override
    async def perform(self, ports: Ports) -> Customer:
        customer = await self.account(ports).retrieve_customer(self.stripe_customer)
        if customer.deleted:
            raise NotFoundError("stripe", "resource_missing", f"{self.stripe_customer} is deleted")
        return customer

    @override
    async def find(self, ports: Ports, since: datetime) -> Customer | None:
        return None

    @override
    def facts(self, result: Customer, at: datetime) -> Sequence[Fact]:
        buyer = f"customer/{self.customer.customer_id}"
        return (
            CustomerLinked(
                self.stripe, self.customer.instance, self.website_code, buyer, self.stripe_customer, self.number
            ),
        )

    @override
    def detail(self, result: Customer) -> Mapping[str, str]:
        return {"customer": self.stripe_customer, "why": self.why}
