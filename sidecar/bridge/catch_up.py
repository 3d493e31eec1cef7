"""Finds events that never came by webhook, and feeds them through the same door.

Stripe retries a webhook for three days and lists events for thirty (docs.stripe.com/api/events): what was missed while
the bridge was away is found here.
"""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import structlog

from sidecar.bridge.envelope import wrap
from sidecar.bridge.publish import publish
from sidecar.observability.trace import trace_id_of, traceparent
from sidecar.ports.clock import Clock
from sidecar.ports.payments import Payments, RawEvent
from sidecar.ports.publisher import Publisher
from sidecar.ports.store import Store

log = structlog.get_logger("sidecar.catch_up")

KEPT_BY_STRIPE = timedelta(days=30)
CONSUMER = "stripe-events"
"""Whose inbox tells which events are done."""
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
        gap: whether the cursor was older than what Stripe keeps, so that events may be lost for good.
        skipped: whether another process is looking back for the same account at this moment.
        newest: when the newest event that was listed happened.
    """

    account: str
    since: datetime
    listed: int = 0
    missed: int = 0
    published: int = 0
    gap: bool = False
    skipped: bool = False
    newest: datetime | None = None


class CatchUp:
    """The look-back of one account. Events that the inbox of `stripe-events` knows as done are passed over."""

    def __init__(
        self, payments: Payments, publisher: Publisher, store: Store, clock: Clock, *, overlap: timedelta
    ) -> None:
        self._payments = payments
        self._publisher = publisher
        self._store = store
        self._clock = clock
        self._overlap = overlap
        self._account = str(payments.ref)
        self._cursor_name = f"events:{payments.ref}"

    async def run(self, since: datetime | None = None, *, dry_run: bool = False) -> CatchUpReport:
        """List the account's events since its cursor and publish those that are not done.

        The cursor moves only after the broker has confirmed, and the next look-back begins an overlap before it, since
        Stripe may list an event later than others that were created after it. Only one process looks back at a time.

        Args:
            since: look back to here instead; the cursor does not move backwards.
            dry_run: publish nothing and leave the cursor.

        Raises:
            UpstreamError: Stripe, the broker or the store is away; what was published stays published.
        """
        async with self._store.locks.exclusive(f"catch-up:{self._account}") as alone:
            cursor = await self._cursor()
            now = self._clock.now()
            wanted = since or (cursor or now) - self._overlap
            begin = max(wanted, now - KEPT_BY_STRIPE)
            if not alone:
                return CatchUpReport(self._account, begin, skipped=True)
            report = await self._feed(CatchUpReport(self._account, begin, gap=wanted < begin), dry_run=dry_run)
            if not dry_run:
                # Without events the cursor moves as well, so that a quiet account does not look ever further back.
                reached = max(filter(None, (cursor, report.newest, now - self._overlap)))
                await self._store.cursors.set(self._cursor_name, reached.isoformat())
        if report.gap:
            log.error("events may be lost: the cursor is older than what Stripe keeps", account=self._account)
        return report

    async def _feed(self, report: CatchUpReport, *, dry_run: bool) -> CatchUpReport:
        batch: list[RawEvent] = []
        async for event in self._payments.list_events(report.since):
            batch.append(event)
            if len(batch) == BATCH:
                report = await self._feed_batch(report, batch, dry_run=dry_run)
                batch.clear()
        return await self._feed_batch(report, batch, dry_run=dry_run) if batch else report

    async def _feed_batch(self, report: CatchUpReport, batch: list[RawEvent], *, dry_run: bool) -> CatchUpReport:
        missing = await self._store.inbox.missing(CONSUMER, f"/stripe/{self._account}", [event.id for event in batch])
        missed = [event for event in batch if event.id in missing]
        for event in [] if dry_run else missed:
            wrapped = wrap(event.body, self._payments.ref, traceparent(trace_id_of(None)))
            await publish(self._publisher, wrapped)
        newest = datetime.fromtimestamp(max(event.created for event in batch), UTC)
        return replace(
            report,
            listed=report.listed + len(batch),
            missed=report.missed + len(missed),
            published=report.published + (0 if dry_run else len(missed)),
            newest=max(newest, report.newest or newest),
        )

    async def _cursor(self) -> datetime | None:
        value = await self._store.cursors.get(self._cursor_name)
        return datetime.fromisoformat(value) if value else None
