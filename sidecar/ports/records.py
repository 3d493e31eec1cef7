"""What the store knows of an order, a customer or an effect."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from schemas.ids import (
    CustomerId,
    CustomerRef,
    Instance,
    MagentoCreditmemoId,
    MagentoCustomerId,
    OrderRef,
    RefundId,
    StripeRef,
    Subject,
)
from schemas.magento.creditmemo_created_v1 import CreditmemoCreatedV1
from schemas.magento.customer_snapshot import CustomerSnapshot
from schemas.magento.order_placed_v1 import OrderPlacedV1
from schemas.magento.store import Store as MagentoStore
from schemas.stripe.checkout_session import CheckoutSession
from schemas.stripe.payment_intent import PaymentIntent
from schemas.stripe.refund import Refund
from sidecar.customer_profile.profile import Agreement, Profile


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One line of the story of an order or a customer, append-only.

    Attributes:
        kind: a short constant, for example `effect.done` or `message.parked`.
        summary: one sentence for a person; no PII, no secret.
        detail: names and ids that a person may want; never a secret.
    """

    subject: Subject
    at: datetime
    source: str
    kind: str
    summary: str
    detail: Mapping[str, str] = field(default_factory=dict)
    trace_id: str | None = None


@dataclass(frozen=True, slots=True)
class KnownCreditmemo:
    """A credit memo of the order.

    Attributes:
        refused: why Stripe would not give its money back, once Magento knows.
    """

    memo: CreditmemoCreatedV1
    refused: str | None = None


@dataclass(frozen=True, slots=True)
class KnownRefund:
    """A refund of the order's money, newest view.

    Attributes:
        dismissed: why it gets no credit memo.
    """

    refund: Refund
    dismissed: str | None = None


@dataclass(frozen=True, slots=True)
class OrderRecord:
    """All that the store knows of one order, read at one moment.

    Attributes:
        placed: the snapshot; null while only later messages have come.
        stripe: the account and mode that it was placed under; null while it is not placed.
        canceled_at: when Magento cancelled it, whoever told us.
        window_closed_at: when the time to pay was over.
        customer: the buyer's, if it is not gone.
        customer_number: of the buyer's customer, or of the one that has to be made.
        intents: newest views, in the order of their creation.
        effects: the state of each effect of the order, by its key.
        results: the recorded JSON results of the effects that are done, by key.
        creditmemos: by their ids, which is the order of their creation.
        refunds: in the order of their creation.
        refund_links: the credit memo of each refund that has one.
    """

    order: OrderRef
    placed: OrderPlacedV1 | None
    stripe: StripeRef | None
    canceled_at: datetime | None
    window_closed_at: datetime | None
    customer: CustomerId | None
    customer_number: int
    intents: tuple[PaymentIntent, ...]
    sessions: tuple[CheckoutSession, ...]
    effects: Mapping[str, "EffectState"]
    results: Mapping[str, str]
    creditmemos: tuple[KnownCreditmemo, ...] = ()
    refunds: tuple[KnownRefund, ...] = ()
    refund_links: Mapping[RefundId, MagentoCreditmemoId] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CustomerLink:
    """A Stripe Customer that stands, or stood, for a buyer.

    Attributes:
        buyer: as in `CustomerLinked`.
        gone_at: since when nobody may use it.
        agreed: what both sides had when they last agreed; null if they never did.
        revision: how many agreements there were.
        seen: what Stripe said last; null where it has to be read to be known.
        seen_at: when that was; null if Stripe has said nothing by itself.
    """

    stripe: StripeRef
    instance: str
    website_code: str
    buyer: str
    customer: CustomerId
    number: int
    gone_at: datetime | None
    agreed: Agreement | None
    revision: int
    seen: Profile | None
    seen_at: datetime | None

    @property
    def account(self) -> CustomerRef | None:
        """The account that it stands for; None for a guest."""
        kind, _, number = self.buyer.partition("/")
        if kind != "customer":
            return None
        return CustomerRef(instance=Instance(self.instance), customer_id=MagentoCustomerId(int(number)))


@dataclass(frozen=True, slots=True)
class CustomerRecord:
    """All that the store knows of one customer account, read at one moment.

    Attributes:
        magento: the newest snapshot; null while none has come, and once the account is deleted.
        certain: whether `magento` is known to be the newest: two of one second may have come.
        store: where the account was made; null while only Stripe has spoken of it.
        deleted_at: when Magento deleted it.
        links: one for each account and mode of Stripe, and each website that it shopped in.
        open_effects: what was begun for the customer and is not done, by its key.
    """

    customer: CustomerRef
    magento: CustomerSnapshot | None
    certain: bool
    store: MagentoStore | None
    deleted_at: datetime | None
    links: tuple[CustomerLink, ...]
    open_effects: Mapping[str, "EffectState"]


EffectState = Literal["pending", "unknown", "done"]
"""`pending`: written down, not known to have left. `unknown`: it left, no answer came. `done`: closed with a result."""


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """One effect in the ledger.

    Attributes:
        params: the effect as JSON, secrets masked, as it was first written down: what is repeated is this.
        result: the result as JSON, once done.
        started_at: when it was first written down; Stripe may have forgotten its key a day later.
        fresh: whether this call wrote it down.
    """

    key: str
    kind: str
    state: EffectState
    params: str
    result: str | None
    attempts: int
    started_at: datetime
    fresh: bool


@dataclass(frozen=True, slots=True)
class EffectToBegin:
    """An effect that is to be written down.

    Attributes:
        params: the effect as JSON, secrets masked.
    """

    key: str
    kind: str
    subject: Subject
    params: str
