"""Give the shopper a hosted page to pay on."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from typing_extensions import override

from schemas.stripe.checkout_session import CheckoutSession
from sidecar.effects.of_buyer import customer_gone
from sidecar.effects.order_effect import OrderEffect
from sidecar.effects.stripe_effect import CLOCK_SKEW, StripeEffect
from sidecar.errors import RefusedError
from sidecar.ports.bundle import Ports
from sidecar.ports.facts import Fact, SessionLinked
from sidecar.ports.payments import NewCheckoutSession


class CreateCheckoutSession(OrderEffect, StripeEffect):
    """The order's hosted page.

    Attributes:
        number: 1 for the order's first; another follows when one has expired and the order may still be paid.
        new: the page; `new.expires_at` is where the order's own time to pay ends.
    """

    number: int
    new: NewCheckoutSession

    @property
    @override
    def key(self) -> str:
        return self._key("checkout_session", f"{self.order}/{self.number}")

    @property
    @override
    def summary(self) -> str:
        return f"Created the Checkout Session over {self.new.amount}"

    @override
    async def perform(self, ports: Ports) -> CheckoutSession:
        marked = self.new.model_copy(update={"metadata": self.new.metadata | self.mark})
        return await self.account(ports).create_checkout_session(marked, key=self.idempotency_key)

    @override
    async def find(self, ports: Ports, since: datetime) -> CheckoutSession | None:
        found = await self.account(ports).find_checkout_sessions(self.new.customer, since - CLOCK_SKEW, self.mark)
        return found[0] if found else None

    @override
    def learns(self, error: RefusedError, at: datetime) -> Sequence[Fact]:
        return customer_gone(self.stripe, self.new.customer, error, at)

    @override
    def facts(self, result: CheckoutSession, at: datetime) -> Sequence[Fact]:
        return (SessionLinked(self.stripe, self.order, result),)

    @override
    def detail(self, result: CheckoutSession) -> Mapping[str, str]:
        return {"checkout_session": result.id}
