"""Everything that is decided from: what the store knows, read at one moment, and the merchant's policy."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from schemas.ids import (
    CheckoutSessionId,
    CustomerId,
    MagentoCreditmemoId,
    OrderRef,
    PaymentIntentId,
    RefundId,
    StripeRef,
)
from schemas.magento.order_placed_v1 import OrderPlacedV1
from schemas.money import Money
from schemas.stripe.checkout_session import CheckoutSession
from schemas.stripe.payment_intent import PaymentIntent
from schemas.stripe.refund import Refund
from sidecar.policy import StorePolicy
from sidecar.ports.records import KnownCreditmemo, KnownRefund


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderPaymentState:
    """One order, its payment and what of it went back.

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
        creditmemos: every credit memo of the order, by id.
        refunds: every refund of the order's money, oldest first, newest views.
        refund_links: the credit memo of each refund that is linked to one.
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
    creditmemos: tuple[KnownCreditmemo, ...] = ()
    refunds: tuple[KnownRefund, ...] = ()
    refund_links: Mapping[RefundId, MagentoCreditmemoId] = field(default_factory=dict)

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

    def refunds_of(self, intent: PaymentIntent) -> tuple[Refund, ...]:
        """What went back of an intent's money, what failed on its way included."""
        theirs = (known.refund for known in self.refunds if known.refund.payment_intent == intent.id)
        return tuple(refund for refund in theirs if not _is_release(refund, intent))

    def left_of(self, intent: PaymentIntent) -> int:
        """How much of an intent's money has not gone back, in the smallest unit."""
        return intent.amount_received - sum(refund.amount for refund in self.refunds_of(intent) if refund.is_live)


def _is_release(refund: Refund, intent: PaymentIntent) -> bool:
    """Whether it is only the part of an authorisation that was not captured, which Stripe lists as a refund.

    Nothing of that was ever received, so the account's ledger does not have it.
    """
    if refund.reason == "expired_uncaptured_charge":
        return True
    unbooked = refund.status == "succeeded" and refund.balance_transaction is None
    return unbooked and intent.amount_received < intent.amount
