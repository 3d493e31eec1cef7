"""Make a payment, and confirm it where the shopper left a PaymentMethod."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from typing_extensions import override

from schemas.stripe.payment_intent import PaymentError
from sidecar.effects.of_buyer import customer_gone
from sidecar.effects.order_effect import OrderEffect
from sidecar.effects.stripe_effect import CLOCK_SKEW, StripeEffect
from sidecar.errors import RefusedError
from sidecar.ports.bundle import Ports
from sidecar.ports.facts import Fact, IntentLinked
from sidecar.ports.payments import Attempt, IdempotencyKey, NewPaymentIntent

METHOD_UNUSABLE = "payment_method_unusable"
"""The code of an attempt whose PaymentMethod Stripe would not take: unknown, used up, or another customer's."""


class CreatePaymentIntent(OrderEffect, StripeEffect):
    """The order's PaymentIntent: confirmed with what the shopper left, or left open if Stripe will not take that.

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
        tried = ", to be confirmed at once" if self.new.payment_method else ""
        return f"Created the PaymentIntent over {self.new.amount}{tried}"

    @override
    async def perform(self, ports: Ports) -> Attempt:
        account = self.account(ports)
        marked = self.new.model_copy(update={"metadata": self.new.metadata | self.mark})
        try:
            return await account.create_payment_intent(marked, key=self.idempotency_key)
        except RefusedError as error:
            not_the_method = error.code == "idempotency_mismatch" or self.learns(error, ports.clock.now())
            if self.new.payment_method is None or not_the_method:
                raise
            # Stripe made nothing. If what the shopper left cannot be used, they can leave something else; if Stripe
            # complains of anything else, it says so again.
            unconfirmed = marked.model_copy(update={"payment_method": None, "off_session": False})
            key = IdempotencyKey(f"{self.idempotency_key}/unconfirmed")
            attempt = await account.create_payment_intent(unconfirmed, key=key)
            why = PaymentError(type="invalid_request_error", code=METHOD_UNUSABLE, message=error.detail)
            return Attempt(intent=attempt.intent, error=why)

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
