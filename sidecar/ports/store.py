"""The sidecar's own database: what is known of an order or a customer, and what has been done about it.

Facts are upserts that may be repeated; the ledger is written before an effect and closed after it.
"""

from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Protocol

from schemas.ids import (
    CustomerId,
    CustomerRef,
    OrderRef,
    StripeRef,
    Subject,
)
from schemas.magento.creditmemo_created_v1 import CreditmemoCreatedV1
from schemas.magento.customer_deleted_v1 import CustomerDeletedV1
from schemas.magento.customer_snapshot import CustomerSnapshot
from schemas.magento.order_canceled_v1 import OrderCanceledV1
from schemas.magento.order_placed_v1 import OrderPlacedV1
from sidecar.ports.facts import (
    Fact,
)
from sidecar.ports.records import (
    CustomerLink,
    CustomerRecord,
    EffectToBegin,
    LedgerEntry,
    OrderRecord,
    TimelineEntry,
)

if TYPE_CHECKING:
    from sidecar.ports.circuits import Circuits
    from sidecar.ports.parked import ParkedMessages


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

    async def begin(self, effect: EffectToBegin, now: datetime) -> LedgerEntry:
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

    async def withdraw(self, key: str, *, attempts: int | None = None) -> None:
        """Nothing was done: forget it, so that it, or a corrected one, is written down afresh.

        With `attempts` only if nobody has attempted it more often: what somebody else is about has to stay.
        """
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
