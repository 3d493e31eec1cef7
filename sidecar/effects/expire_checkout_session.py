"""Close a hosted page that nobody should pay on any more."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from typing_extensions import override

from schemas.ids import CheckoutSessionId
from schemas.stripe.checkout_session import CheckoutSession
from sidecar.effects.order_effect import OrderEffect
from sidecar.effects.stripe_effect import StripeEffect
from sidecar.ports.bundle import Ports
from sidecar.ports.facts import Fact, SessionLinked


class ExpireCheckoutSession(OrderEffect, StripeEffect):
    """Expires a session. One that was completed meanwhile comes back complete, with its intent."""

    checkout_session: CheckoutSessionId

    @property
    @override
    def key(self) -> str:
        return self._key("expire", self.checkout_session)

    @property
    @override
    def summary(self) -> str:
        return "Asked Stripe to expire the Checkout Session"

    @override
    async def perform(self, ports: Ports) -> CheckoutSession:
        return await self.account(ports).expire_checkout_session(self.checkout_session, key=self.idempotency_key)

    @override
    async def find(self, ports: Ports, since: datetime) -> CheckoutSession | None:
        session = await self.account(ports).retrieve_checkout_session(self.checkout_session)
        return None if session.status == "open" else session

    @override
    def facts(self, result: CheckoutSession, at: datetime) -> Sequence[Fact]:
        return (SessionLinked(self.stripe, self.order, result),)

    @override
    def detail(self, result: CheckoutSession) -> Mapping[str, str]:
        return {"checkout_session": result.id, "status": result.status or ""}
