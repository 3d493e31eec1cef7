"""What the store is told: each fact is an upsert, and may be told again.

A newer view replaces an older one; what is final stays.
"""

from dataclasses import dataclass
from datetime import datetime

from schemas.ids import (
    CustomerId,
    CustomerRef,
    MagentoCreditmemoId,
    OrderRef,
    RefundId,
    StripeRef,
)
from schemas.magento.customer_snapshot import CustomerSnapshot
from schemas.stripe.checkout_session import CheckoutSession
from schemas.stripe.payment_intent import PaymentIntent
from schemas.stripe.refund import Refund
from sidecar.customer_profile.profile import Agreement, Profile


@dataclass(frozen=True, slots=True)
class IntentLinked:
    """A PaymentIntent belongs to the order, and this is the newest view of it."""

    stripe: StripeRef
    order: OrderRef
    intent: PaymentIntent


@dataclass(frozen=True, slots=True)
class SessionLinked:
    """A Checkout Session belongs to the order, and this is the newest view of it."""

    stripe: StripeRef
    order: OrderRef
    session: CheckoutSession


@dataclass(frozen=True, slots=True)
class CustomerLinked:
    """A Stripe Customer stands for this buyer.

    Attributes:
        buyer: `customer/{customer_id}` for an account of the website, `order/{order_id}` for a guest.
        number: 1 for the buyer's first; a higher one replaces those before it, which are gone.
        agreed: what both sides had when it was made; kept unless this very customer was linked before.
    """

    stripe: StripeRef
    instance: str
    website_code: str
    buyer: str
    customer: CustomerId
    number: int = 1
    agreed: Agreement | None = None


@dataclass(frozen=True, slots=True)
class CustomerAgreed:
    """What both sides have now; it counts as the next agreement, unless somebody else came to one meanwhile.

    What Stripe is known to have is newer than what it said last.

    Attributes:
        revision: of the agreement that this one follows.
        is_partial: nothing else of Stripe's side was seen: what it said last may still be news.
    """

    stripe: StripeRef
    customer: CustomerRef
    stripe_customer: CustomerId
    revision: int
    agreed: Agreement
    is_partial: bool = False


@dataclass(frozen=True, slots=True)
class CustomerSeen:
    """What Stripe said of a linked customer at a moment; nothing older replaces it.

    Attributes:
        profile: null where it has to be read to be known.
    """

    stripe: StripeRef
    stripe_customer: CustomerId
    profile: Profile | None
    at: datetime


@dataclass(frozen=True, slots=True)
class CustomerGone:
    """The Stripe Customer is deleted, or was never in this account and mode: nobody may use it any more.

    Attributes:
        unknown: Stripe has never heard of it, so there is nothing that was agreed on with it.
    """

    stripe: StripeRef
    stripe_customer: CustomerId
    at: datetime
    unknown: bool = False


@dataclass(frozen=True, slots=True)
class CustomerRead:
    """What Magento has of a customer, read from it: of several snapshots of one second this is the newest."""

    snapshot: CustomerSnapshot


@dataclass(frozen=True, slots=True)
class CustomerDeletedObserved:
    """Magento does not know the customer any more, in answer to a call."""

    customer: CustomerRef
    at: datetime


@dataclass(frozen=True, slots=True)
class OrderCanceledObserved:
    """Magento said that the order is cancelled, in answer to a write."""

    order: OrderRef
    at: datetime


@dataclass(frozen=True, slots=True)
class RefundObserved:
    """A refund of the order's money, and this is the newest view of it."""

    stripe: StripeRef
    order: OrderRef
    refund: Refund


@dataclass(frozen=True, slots=True)
class RefundLinked:
    """A refund is the money of this credit memo. A refund has one memo for ever, whoever tells of it first."""

    stripe: StripeRef
    order: OrderRef
    refund: RefundId
    creditmemo: MagentoCreditmemoId


@dataclass(frozen=True, slots=True)
class RefundDismissed:
    """A refund that has been observed gets no credit memo, or none yet; the first reason stays.

    Attributes:
        reason: a short constant, for example `not_refundable` or `paid_twice`.
    """

    stripe: StripeRef
    refund: RefundId
    reason: str


@dataclass(frozen=True, slots=True)
class CreditmemoRefused:
    """Stripe would not give back the money of a credit memo that is known, and Magento has been told.

    Attributes:
        code: why, by Stripe's code.
    """

    order: OrderRef
    creditmemo: MagentoCreditmemoId
    code: str


RefundFact = RefundObserved | RefundLinked | RefundDismissed | CreditmemoRefused
CustomerFact = CustomerLinked | CustomerAgreed | CustomerSeen | CustomerGone | CustomerRead | CustomerDeletedObserved
Fact = IntentLinked | SessionLinked | OrderCanceledObserved | CustomerFact | RefundFact
