"""Finds events that never came by webhook, and feeds them through the same door.

Stripe retries a webhook for three days and lists events for thirty (docs.stripe.com/api/events): what was missed while
the bridge was away is found here.
"""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import structlog

from schemas.ids import StripeRef
from sidecar.bridge.envelope import EventError, wrap
from sidecar.bridge.publish import publish
from sidecar.consumer import Consumer
from sidecar.observability.trace import trace_id_of, traceparent
from sidecar.ports.clock import Clock
from sidecar.ports.payments import Payments, RawEvent
from sidecar.ports.publisher import Publisher
from sidecar.ports.store import Store

log = structlog.get_logger("sidecar.catch_up")

KEPT_BY_STRIPE = timedelta(days=30)
BATCH = 200


@dataclass(frozen=True, slots=True)
class CatchUpReport:
    """What a look-back found.

    Attributes:
        account: the account and mode.
        since: from when on events were listed.
        listed: how many there were.
        missed: how many of them were not done.
        published: how many of those went onto the broker; none in a dry run.
        unreadable: how many were missed and cannot be put into an envelope; each is in the log.
        gap: whether what was asked for began before what Stripe keeps, so that events may be lost for good.
        skipped: whether another process is looking back for the same account at this moment.
        oldest: when the oldest event that was listed happened.
        newest: when the newest one happened.
        newest_awaited: when the newest one happened that a webhook has to bring.
        cursor: where the next look-back begins, less the overlap; None when there is none yet.
    """

    account: str
    since: datetime
    listed: int = 0
    missed: int = 0
    published: int = 0
    unreadable: int = 0
    gap: bool = False
    skipped: bool = False
    oldest: datetime | None = None
    newest: datetime | None = None
    newest_awaited: datetime | None = None
    cursor: datetime | None = None


class CatchUp:
    """The look-back of one account. An event is passed over when each consumer that reads its type has done it."""

    def __init__(
        self,
        payments: Payments,
        publisher: Publisher,
        store: Store,
        clock: Clock,
        *,
        overlap: timedelta,
        consumers: Sequence[Consumer],
    ) -> None:
        self._payments = payments
        self._publisher = publisher
        self._store = store
        self._clock = clock
        self._overlap = overlap
        self._consumers = consumers
        self._awaited = frozenset[str]().union(*(consumer.stripe_events for consumer in consumers))
        self._account = str(payments.ref)
        self._cursor_name = cursor_name(payments.ref)

    async def run(self, since: datetime | None = None, *, dry_run: bool = False) -> CatchUpReport:
        """List the account's events since its cursor and publish those that are not done.

        The cursor moves only after the broker has confirmed, and the next look-back begins an overlap before it, since
        Stripe may list an event later than others that were created after it. Only one process looks back at a time.

        Args:
            since: look back to here instead. The cursor does not move backwards, nor over what was not listed.
            dry_run: publish nothing and leave the cursor.

        Raises:
            UpstreamError: Stripe, the broker or the store is away; what was published stays published.
        """
        async with self._store.locks.exclusive(f"catch-up:{self._account}") as alone:
            cursor = await self._cursor()
            now = self._clock.now()
            usual = (cursor or now) - self._overlap
            wanted = since or usual
            begin = max(wanted, now - KEPT_BY_STRIPE)
            report = CatchUpReport(self._account, begin, gap=wanted < begin, skipped=not alone, cursor=cursor)
            if not alone:
                return report
            keep = not dry_run and (cursor is None or wanted <= usual)
            async for batch in _batches(self._payments.list_events(begin)):
                report = await self._feed(report, batch, dry_run=dry_run)
                if keep and report.newest:
                    # Oldest first: whoever takes over after a crash need not begin where this one did.
                    report = await self._move(report, report.newest)
            if keep:
                # Without events the cursor moves as well, so that a quiet account does not look ever further back.
                report = await self._move(report, now - self._overlap)
        if report.gap:
            log.error("events may be lost: Stripe no longer lists so old ones", account=self._account, wanted=wanted)
        return report

    async def _feed(self, report: CatchUpReport, batch: list[RawEvent], *, dry_run: bool) -> CatchUpReport:
        missing = await self._missing(batch)
        missed = [event for event in batch if event.id in missing]
        awaited = [_created(event) for event in batch if event.type in self._awaited]
        published = 0
        for event in [] if dry_run else missed:
            published += await self._publish(event)
        return replace(
            report,
            listed=report.listed + len(batch),
            missed=report.missed + len(missed),
            published=report.published + published,
            unreadable=report.unreadable + (0 if dry_run else len(missed) - published),
            oldest=report.oldest or _created(batch[0]),
            newest=max(filter(None, (report.newest, *map(_created, batch)))),
            newest_awaited=max(filter(None, (report.newest_awaited, *awaited)), default=None),
        )

    async def _missing(self, batch: list[RawEvent]) -> frozenset[str]:
        """Ids of the events that one of their readers has not done, and that do not lie before a person's eyes."""
        source, missing = f"/stripe/{self._account}", frozenset[str]()
        for consumer in self._consumers:
            read = [event.id for event in batch if consumer.reads_stripe_event(event.type)]
            undone = await self._store.inbox.missing(consumer.queue, source, read)
            missing |= undone - await self._store.parked.parked_events(consumer.queue, source, undone)
        return missing

    async def _publish(self, event: RawEvent) -> bool:
        try:
            wrapped = wrap(event.body, self._payments.ref, traceparent(trace_id_of(None)))
        except EventError as error:
            # One such event must not keep all that come after it from being found.
            log.error("event not taken", account=self._account, event_id=event.id, detail=str(error))
            return False
        await publish(self._publisher, wrapped)
        return True

    async def _cursor(self) -> datetime | None:
        value = await self._store.cursors.get(self._cursor_name)
        return datetime.fromisoformat(value) if value else None

    async def _move(self, report: CatchUpReport, reached: datetime) -> CatchUpReport:
        if report.cursor is not None and reached <= report.cursor:
            return report
        await self._store.cursors.set(self._cursor_name, reached.isoformat())
        return replace(report, cursor=reached)


def cursor_name(stripe: StripeRef) -> str:
    """Under which name the store keeps how far an account's events have been looked over."""
    return f"events:{stripe}"


def _created(event: RawEvent) -> datetime:
    return datetime.fromtimestamp(event.created, UTC)


async def _batches(events: AsyncIterator[RawEvent]) -> AsyncIterator[list[RawEvent]]:
    batch: list[RawEvent] = []
    async for event in events:
        batch.append(event)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch
