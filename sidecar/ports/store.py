"""The sidecar's own database: what is known of an order or a customer, and what has been done about it.

Facts are upserts that may be repeated; the ledger is written before an effect and closed after it.
"""

from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal, Protocol

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
from schemas.magento.customer_deleted_v1 import CustomerDeletedV1
from schemas.magento.customer_snapshot import CustomerSnapshot
from schemas.magento.order_canceled_v1 import OrderCanceledV1
from schemas.magento.order_placed_v1 import OrderPlacedV1
from schemas.magento.store import Store as MagentoStore
from schemas.stripe.checkout_session import CheckoutSession
from schemas.stripe.payment_intent import PaymentIntent
from schemas.stripe.refund import Refund
from sidecar.customer_profile.profile import Agreement, Profile

if TYPE_CHECKING:
    from sidecar.ports.circuits import Circuits
    from sidecar.ports.parked import ParkedMessages


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
    """

    stripe: StripeRef
    customer: CustomerRef
    stripe_customer: CustomerId
    revision: int
    agreed: Agreement


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


class Orders(Protocol):
    """What is known of orders."""

    async def record_placed(self, event: OrderPlacedV1, stripe: StripeRef, window: timedelta | None) -> None:
        """Keep the snapshot; the first one wins. `window`: how long after `placed_at` it may be paid (None: always)."""
        ...

    async def record_canceled(self, event: OrderCanceledV1) -> None:
        """Keep that the order was cancelled, even when it is not known yet."""
        ...

    async def record_window_closed(self, order: OrderRef, at: datetime) -> None:
        """Keep that the time to pay is over."""
        ...

    async def record_creditmemo(self, memo: CreditmemoCreatedV1) -> None:
        """Keep the credit memo's snapshot, even when its order is not known yet; the first one wins."""
        ...

    async def record_facts(self, facts: Sequence[Fact]) -> None:
        """Keep newest views and links.

        A final view is never replaced by one that is not final, and a refund that succeeded never by one that waits.
        """
        ...

    async def record_and_load(self, order: OrderRef, facts: Sequence[Fact]) -> OrderRecord:
        """Keep them, and then load the order."""
        ...

    async def load(self, order: OrderRef) -> OrderRecord:
        """Everything about the order; an empty record when nothing is known.

        `customer` is the one linked, under the order's own account and mode, to the snapshot's buyer: to
        `customer/{customer_id}` in its website, or to `order/{order_id}` for a guest.
        """
        ...

    async def stripe_of(self, order: OrderRef) -> StripeRef | None:
        """The account and mode that the order was placed under; None when it is not known."""
        ...

    async def order_of_intent(self, stripe: StripeRef, intent: str) -> OrderRef | None:
        """The order that a linked PaymentIntent belongs to."""
        ...

    async def find_by_increment_id(self, increment_id: str) -> tuple[OrderRef, ...]:
        """Every order with this increment id; there may be one per store and instance."""
        ...

    async def due_windows(self, now: datetime, limit: int) -> tuple[OrderRef, ...]:
        """Orders whose time to pay is over, not closed and not yet settled."""
        ...

    async def settle_window(self, order: OrderRef) -> None:
        """The order is paid or cancelled: its window no longer matters."""
        ...


class Customers(Protocol):
    """What is known of customer accounts."""

    async def record_saved(self, snapshot: CustomerSnapshot) -> None:
        """Keep the snapshot, unless a newer one is known or the account is deleted."""
        ...

    async def record_deleted(self, event: CustomerDeletedV1) -> None:
        """Keep that the account is gone, and forget what was known of the person."""
        ...

    async def record_facts(self, facts: Sequence[Fact]) -> None:
        """Keep them all or none."""
        ...

    async def load(self, customer: CustomerRef) -> CustomerRecord:
        """Everything about the account; an empty record when nothing is known."""
        ...

    async def links_of(self, stripe: StripeRef, customer: CustomerId) -> tuple[CustomerLink, ...]:
        """Everybody whom a Stripe Customer stands for: more than one, where a guest's was taken over by an account."""
        ...


class Ledger(Protocol):
    """Effects, by their key."""

    async def begin(self, key: str, kind: str, subject: Subject, params: str, now: datetime) -> LedgerEntry:
        """Write the effect down before it is done, or return it as it was written down; counts the attempt."""
        ...

    async def read(self, key: str) -> LedgerEntry | None:
        """The effect as it was written down; no attempt is counted."""
        ...

    async def mark_unknown(self, key: str, error: str) -> None:
        """The request left and no answer came."""
        ...

    async def note_error(self, key: str, error: str) -> None:
        """It was not done, for this reason; it stays pending."""
        ...

    async def withdraw(self, key: str) -> None:
        """Nothing was done: forget it, so that it, or a corrected one, is written down afresh."""
        ...

    async def forget(self, subject: Subject, kinds: frozenset[str]) -> None:
        """Forget effects of these kinds that were recorded done and have proved not to be, so that they are done again.

        Only for effects that may be repeated at any time: those on Magento, which knows them by their Stripe id.
        """
        ...

    async def close(
        self,
        key: str,
        result: str,
        facts: Sequence[Fact],
        timeline: Sequence[TimelineEntry],
        now: datetime,
        *,
        following: EffectToBegin | None = None,
    ) -> LedgerEntry | None:
        """Record it done with its result, its facts and its line in the story, all in one transaction.

        In the same transaction the effect that follows it is begun; gives its entry, as `begin` does.
        """
        ...


class Inbox(Protocol):
    """Which events are done, by consumer. Seen is not done."""

    async def is_done(self, consumer: str, source: str, event_id: str) -> bool:
        """Whether every effect of the event was recorded done."""
        ...

    async def mark_done(self, consumer: str, source: str, event_id: str, now: datetime) -> None:
        """Every effect of the event is recorded done."""
        ...

    async def missing(self, consumer: str, source: str, event_ids: Sequence[str]) -> frozenset[str]:
        """Those of the events that are not done."""
        ...


class Timeline(Protocol):
    """The story of an order or a customer."""

    async def append(self, entries: Sequence[TimelineEntry]) -> None:
        """Add lines."""
        ...

    async def read(self, subject: Subject, limit: int = 500) -> tuple[TimelineEntry, ...]:
        """The lines, oldest first."""
        ...


class Cursors(Protocol):
    """Where a reader of a stream has come to."""

    async def get(self, name: str) -> str | None:
        """The cursor, if it was ever set."""
        ...

    async def set(self, name: str, value: str) -> None:
        """Move the cursor."""
        ...


class Locks(Protocol):
    """Short locks that serialise what must not interleave; they die with their holder."""

    def hold(self, subject: Subject, timeout: timedelta) -> AbstractAsyncContextManager[None]:
        """Hold the order or customer.

        Raises `TransientError` with code `order_locked` or `customer_locked` after `timeout`.
        """
        ...

    def exclusive(self, name: str) -> AbstractAsyncContextManager[bool]:
        """Try to be the only one doing `name`; gives whether we are, at once."""
        ...


class Replicas(Protocol):
    """Who else is alive, so that a shared limit can be shared fairly."""

    async def beat(self, group: str, replica: str, now: datetime, ttl: timedelta) -> int:
        """Say that we are alive and return how many of the group are, ourselves included (at least 1)."""
        ...

    async def leave(self, group: str, replica: str) -> None:
        """Say that we are not."""
        ...

    async def living(self, now: datetime) -> Mapping[str, tuple[str, ...]]:
        """Who is alive, by group; names in their order."""
        ...


class Store(Protocol):
    """The database, by noun."""

    @property
    def orders(self) -> Orders: ...  # noqa: D102
    @property
    def customers(self) -> Customers: ...  # noqa: D102
    @property
    def ledger(self) -> Ledger: ...  # noqa: D102
    @property
    def inbox(self) -> Inbox: ...  # noqa: D102
    @property
    def timeline(self) -> Timeline: ...  # noqa: D102
    @property
    def cursors(self) -> Cursors: ...  # noqa: D102
    @property
    def locks(self) -> Locks: ...  # noqa: D102
    @property
    def replicas(self) -> Replicas: ...  # noqa: D102
    @property
    def parked(self) -> "ParkedMessages": ...  # noqa: D102
    @property
    def circuits(self) -> "Circuits": ...  # noqa: D102
