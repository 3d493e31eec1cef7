"""Everything that is decided from: what the store knows, read at one moment, and the merchant's policy."""

from collections.abc import Mapping
from dataclasses import dataclass

from schemas.ids import CheckoutSessionId, CustomerId, OrderRef, PaymentIntentId, StripeRef
from schemas.magento.order_placed_v1 import OrderPlacedV1
from schemas.money import Money
from schemas.stripe.checkout_session import CheckoutSession
from schemas.stripe.payment_intent import PaymentIntent
from sidecar.policy import StorePolicy


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderPaymentState:
    """One order and its payment.

    Attributes:
        stripe: the account that it was placed under; the policy may have moved on since.
        expected: what is to be paid, in order currency.
        canceled: Magento has cancelled it.
        window_closed: the time to pay is over.
        customer: the buyer's Stripe Customer.
        customer_number: of it, or of the one that has to be made: over 1 where others are gone.
        intents: every PaymentIntent of the order, oldest first, newest views.
        sessions: every Checkout Session of the order, oldest first.
        attempted: keys of all effects that were ever written down.
        results: what the effects that are done brought, as JSON, by key.
    """

    order: OrderRef
    placed: OrderPlacedV1
    policy: StorePolicy
    stripe: StripeRef
    expected: Money
    canceled: bool
    window_closed: bool
    customer: CustomerId | None
    customer_number: int
    intents: tuple[PaymentIntent, ...]
    sessions: tuple[CheckoutSession, ...]
    attempted: frozenset[str]
    results: Mapping[str, str]

    @property
    def succeeded(self) -> tuple[PaymentIntent, ...]:
        """The intents that were paid."""
        return tuple(intent for intent in self.intents if intent.status == "succeeded")

    @property
    def authorized(self) -> tuple[PaymentIntent, ...]:
        """The intents whose money is reserved."""
        return tuple(intent for intent in self.intents if intent.status == "requires_capture")

    @property
    def open_session(self) -> CheckoutSession | None:
        """The hosted page that is still open."""
        return next((session for session in self.sessions if session.status == "open"), None)

    @property
    def is_processing(self) -> bool:
        """Whether a payment is on its way, which nobody can stop."""
        return any(intent.status == "processing" for intent in self.intents)

    def made_by_checkout(self, intent: PaymentIntentId, marked: str | None) -> bool:
        """Whether an intent belongs to a hosted page, by the session's word or by its own mark."""
        sessions: set[CheckoutSessionId] = {session.id for session in self.sessions if session.payment_intent == intent}
        return bool(sessions) or (marked is not None and ":checkout_session:" in marked)
