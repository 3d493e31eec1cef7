"""Make sure that an intent will not be paid any more."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from typing_extensions import override

from schemas.ids import PaymentIntentId
from schemas.stripe.payment_intent import PaymentIntent
from sidecar.effects.order_effect import OrderEffect
from sidecar.effects.stripe_effect import StripeEffect
from sidecar.ports.bundle import Ports
from sidecar.ports.facts import Fact, IntentLinked


class CancelPaymentIntent(OrderEffect, StripeEffect):
    """Cancels an intent, or voids its authorisation. One that succeeded meanwhile comes back as succeeded.

    Attributes:
        seen: the status and attempt it was seen in; an intent that moved on is asked again.
    """

    payment_intent: PaymentIntentId
    seen: str

    @property
    @override
    def key(self) -> str:
        return self._key("cancel", f"{self.payment_intent}/{self.seen}")

    @property
    @override
    def summary(self) -> str:
        return "Asked Stripe to cancel the PaymentIntent"

    @override
    async def perform(self, ports: Ports) -> PaymentIntent:
        return await self.account(ports).cancel_payment_intent(self.payment_intent, key=self.idempotency_key)

    @override
    async def find(self, ports: Ports, since: datetime) -> PaymentIntent | None:
        intent = await self.account(ports).retrieve_payment_intent(self.payment_intent)
        return intent if intent.status in {"canceled", "succeeded"} else None

    @override
    def facts(self, result: PaymentIntent, at: datetime) -> Sequence[Fact]:
        return (IntentLinked(self.stripe, self.order, result),)

    @override
    def detail(self, result: PaymentIntent) -> Mapping[str, str]:
        return {"payment_intent": result.id, "status": result.status}
