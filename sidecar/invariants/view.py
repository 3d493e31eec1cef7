"""One order as all three see it at about one moment: what every invariant looks at."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from schemas.ids import OrderRef, PaymentIntentId, StripeRef
from schemas.magento.order_snapshot import PAYMENT_METHOD_CODE
from schemas.money import Money, MoneyError
from schemas.stripe.payment_intent import PaymentIntent
from schemas.stripe.refund import Refund
from sidecar.policy import StorePolicy
from sidecar.ports.magento import MagentoOrder
from sidecar.ports.magento_books import BookedMemo
from sidecar.ports.records import OrderRecord

OPEN = frozenset(("new", "pending_payment", "payment_review"))
"""States of an order in Magento that waits for its payment."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderView:
    """One order.

    Attributes:
        magento: as Magento has it now; null if it has no such order.
        memos: its credit memos in Magento.
        intents: its PaymentIntents as Stripe has them now, oldest first.
        accounts: which account each of them was found in.
        refunds: every refund of these intents, oldest first.
        record: what the sidecar knows of it.
        policy: the rules of its store; null while the sidecar does not know the order.
    """

    order: OrderRef
    magento: MagentoOrder | None
    memos: Sequence[BookedMemo]
    intents: Sequence[PaymentIntent]
    accounts: Mapping[PaymentIntentId, StripeRef]
    refunds: Sequence[Refund]
    record: OrderRecord
    policy: StorePolicy | None

    @property
    def is_ours(self) -> bool:
        """Whether Magento has the order, and it is ours to be paid."""
        return self.magento is not None and self.magento.payment_method == PAYMENT_METHOD_CODE

    @property
    def paid(self) -> tuple[PaymentIntent, ...]:
        """The intents whose money came."""
        return tuple(intent for intent in self.intents if intent.status == "succeeded")

    @property
    def authorized(self) -> tuple[PaymentIntent, ...]:
        """The intents whose money is reserved."""
        return tuple(intent for intent in self.intents if intent.status == "requires_capture")

    def given_back(self, intent: PaymentIntentId) -> int:
        """How much of an intent went back or is on its way, in its currency's smallest unit."""
        return sum(refund.amount for refund in self.refunds if refund.payment_intent == intent and refund.is_live)

    def kept(self, intent: PaymentIntent) -> int:
        """How much of an intent the shop still has, in its currency's smallest unit."""
        return intent.amount_received - self.given_back(intent.id)

    @property
    def total_paid(self) -> Money | None:
        """What Magento has on its books as paid; null if Magento has no such order or Stripe no such amount."""
        if self.magento is None:
            return None
        try:
            return Money.from_decimal(self.magento.total_paid, self.magento.currency)
        except MoneyError:
            return None

    @property
    def booked(self) -> bool:
        """Whether Magento has a payment of the order on its books."""
        return self.magento is not None and self.magento.total_paid > 0
