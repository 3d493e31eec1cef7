"""Make a payment, and confirm it where the shopper left a PaymentMethod."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from typing_extensions import override

from sidecar.effects.of_buyer import customer_gone
from sidecar.effects.order_effect import OrderEffect
from sidecar.effects.stripe_effect import CLOCK_SKEW, StripeEffect
from sidecar.errors import RefusedError
from sidecar.ports.bundle import Ports
from sidecar.ports.payments import Attempt, NewPaymentIntent
from sidecar.ports.store import Fact, IntentLinked


class CreatePaymentIntent(OrderEffect, StripeEffect):
    """The order's PaymentIntent.

    Attributes:
        number: 1 for the order's first; one intent takes as many attempts as the shopper needs.
    """

    number: int
    new: NewPaymentIntent

    @property
    @override
    def key(self) -> str:
        return self._key("payment_intent", f"{self.order}/{self.number}")

    @property
    @override
    def summary(self) -> str:
        confirmed = " and confirmed it" if self.new.payment_method else ""
        return f"Created the PaymentIntent over {self.new.amount}{confirmed}"

    @override
    async def perform(self, ports: Ports) -> Attempt:
        marked = self.new.model_copy(update={"metadata": self.new.metadata | self.mark})
        return await self.account(ports).create_payment_intent(marked, key=self.idempotency_key)

    @override
    async def find(self, ports: Ports, since: datetime) -> Attempt | None:
        found = await self.account(ports).find_payment_intents(self.new.customer, since - CLOCK_SKEW, self.mark)
        return Attempt(intent=found[0], error=found[0].last_payment_error) if found else None

    @override
    def learns(self, error: RefusedError, at: datetime) -> Sequence[Fact]:
        return customer_gone(self.stripe, self.new.customer, error, at)

    @override
    def facts(self, result: Attempt, at: datetime) -> Sequence[Fact]:
        return (IntentLinked(self.stripe, self.order, result.intent),)

    @override
    def detail(self, result: Attempt) -> Mapping[str, str]:
        known: dict[str, str] = {"payment_intent": result.intent.id, "status": result.intent.status}
        if result.error is not None:
            known |= {"code": result.error.code or "", "decline_code": result.error.decline_code or ""}
        return known
