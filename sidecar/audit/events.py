"""Looks for each event that Stripe lists: done, waiting, parked, still to come, or nowhere.

Done is what the inbox says. What is not done is looked for on the ladder and among dead letters. A work queue cannot be
looked into without harm; so a barrier is lined up at its end, an event of a type that nobody handles. When a consumer
has done it, whatever was before it in the queue has been in somebody's hands, and is done, on the ladder or parked.
What is still nowhere after that is in the hand of a process that says so, or lost.
"""

import asyncio
import secrets
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

import orjson

from schemas.ids import StripeRef
from sidecar.bridge.envelope import wrap
from sidecar.consumer import Consumer
from sidecar.dead_letters.desk import alone_at
from sidecar.intake.long_held import group_of
from sidecar.observability.trace import trace_id_of, traceparent
from sidecar.ports.clock import Clock
from sidecar.ports.payments import Payments, RawEvent
from sidecar.ports.store import Store
from sidecar.ports.whereabouts import Whereabouts

Verdict = Literal["done", "on_the_ladder", "in_the_queue", "in_hand", "parked", "to_come", "lost"]

BARRIER = "sidecar.audit"
"""A type of event that Stripe does not have and that no consumer handles."""
BATCH = 500
EVERY = 2.0
"""Seconds between two looks, each of which reads the ladder."""

Sleep = Callable[[float], Awaitable[None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditOptions:
    """How long to wait before something is called lost.

    Attributes:
        patience: for the queues to be worked off as far as the barrier; what is undecided then is `in_the_queue`.
        in_hand: after a barrier has passed, for what was in somebody's hands: longer than the longest call, and than it
            takes until a process says that it holds a message (`sidecar.intake.long_held`).
        on_its_way: an event younger than this may not have come yet: the look-back brings it.
    """

    patience: timedelta = timedelta(minutes=2)
    in_hand: timedelta = timedelta(seconds=60)
    on_its_way: timedelta = timedelta(minutes=20)


@dataclass(frozen=True, slots=True)
class Found:
    """One event that is not done, and where it is for one of its consumers."""

    queue: str
    event_id: str
    type: str
    created: datetime
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class AuditReport:
    """What an audit of one account found.

    Attributes:
        listed: events that Stripe lists in the window.
        readings: how often they have to be handled: once by each consumer that reads their type.
        verdicts: readings by where they are.
        undone: those that are not done, oldest first.
        took: seconds.
    """

    account: str
    since: datetime
    until: datetime
    listed: int
    readings: int
    verdicts: dict[Verdict, int]
    undone: tuple[Found, ...]
    took: float

    @property
    def lost(self) -> tuple[Found, ...]:
        """Those that are nowhere."""
        return tuple(each for each in self.undone if each.verdict == "lost")

    def as_json(self) -> dict[str, object]:
        """For machines."""
        return asdict(self) | {"lost": len(self.lost)}


class Audit:
    """Of one account."""

    def __init__(
        self,
        payments: Payments,
        store: Store,
        whereabouts: Whereabouts,
        clock: Clock,
        consumers: Sequence[Consumer],
        *,
        options: AuditOptions | None = None,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self._payments = payments
        self._store = store
        self._whereabouts = whereabouts
        self._clock = clock
        self._consumers = [each for each in consumers if each.stripe_events or each.takes_other_stripe_events]
        self._options = options or AuditOptions()
        self._sleep = sleep
        self._source = f"/stripe/{payments.ref}"

    async def run(self, since: datetime, until: datetime | None = None) -> AuditReport:
        """Look for every event that happened from `since` to `until`, by default now.

        Raises:
            UpstreamError: Stripe, the broker or the store is away: nothing is proven.
        """
        began = self._clock.now()
        end = until or began
        undone, listed, readings = await self._undone(since, end)
        verdicts = await self._find(undone)
        found = [
            Found(queue, event.id, event.type, _created(event), verdicts[queue, event.id])
            for (queue, _), event in undone.items()
            if verdicts[queue, event.id] != "done"
        ]
        counts: Counter[Verdict] = Counter(each.verdict for each in found)
        counts["done"] = readings - len(found)
        return AuditReport(
            account=str(self._payments.ref),
            since=since,
            until=end,
            listed=listed,
            readings=readings,
            verdicts=dict(counts),
            undone=tuple(sorted(found, key=lambda each: (each.created, each.event_id, each.queue))),
            took=(self._clock.now() - began).total_seconds(),
        )

    async def _undone(self, since: datetime, until: datetime) -> tuple[dict[tuple[str, str], RawEvent], int, int]:
        """The readings that the inbox does not know as done, and how many events and readings there are."""
        undone: dict[tuple[str, str], RawEvent] = {}
        listed = readings = 0
        batch: list[RawEvent] = []

        async def sift() -> None:
            nonlocal readings
            by_id: dict[str, RawEvent] = {event.id: event for event in batch}
            for consumer in self._consumers:
                read = [event.id for event in batch if consumer.reads_stripe_event(event.type)]
                readings += len(read)
                for event_id in await self._store.inbox.missing(consumer.queue, self._source, read):
                    undone[consumer.queue, event_id] = by_id[event_id]
            batch.clear()

        async for event in self._payments.list_events(since):
            if _created(event) > until:
                continue
            listed += 1
            batch.append(event)
            if len(batch) == BATCH:
                await sift()
        await sift()
        return undone, listed, readings

    async def _find(self, undone: dict[tuple[str, str], RawEvent]) -> dict[tuple[str, str], Verdict]:
        """Where each is, or that it is done by now."""
        verdicts: dict[tuple[str, str], Verdict] = {}
        queues = sorted({queue for queue, _ in undone})
        barriers = {queue: await self._line_up(queue) for queue in queues}
        deadline = self._clock.now() + self._options.patience
        passed: dict[str, datetime] = {}
        while True:
            left = {key: event for key, event in undone.items() if verdicts.get(key) != "done"}
            verdicts |= await self._look(left)
            nowhere = [key for key in undone if key not in verdicts]
            undecided = {queue for queue, _ in nowhere}
            for queue in undecided - passed.keys():
                if not await self._store.inbox.missing(queue, self._source, barriers[queue]):
                    passed[queue] = self._clock.now()
            now = self._clock.now()
            in_hand = {queue for queue in undecided & passed.keys() if now - passed[queue] < self._options.in_hand}
            behind = undecided - passed.keys()
            if not in_hand and (not behind or now >= deadline):
                break
            await self._sleep(EVERY)
        young = self._clock.now() - self._options.on_its_way
        held = await self._store.replicas.living(self._clock.now())
        for key in nowhere:
            if key[0] not in passed:
                verdicts[key] = "in_the_queue"
            elif key[1] in held.get(group_of(key[0]), ()):
                verdicts[key] = "in_hand"
            else:
                verdicts[key] = "to_come" if _created(undone[key]) > young else "lost"
        return verdicts

    async def _look(self, left: dict[tuple[str, str], RawEvent]) -> dict[tuple[str, str], Verdict]:
        """Where they are at this moment; those that are nowhere are left out."""
        found: dict[tuple[str, str], Verdict] = {}
        if not left:
            return found
        waiting = await self._whereabouts.on_the_ladder()
        found |= {key: "on_the_ladder" for key in left if key in waiting}
        for queue in sorted({queue for queue, _ in left}):
            ids = [event_id for of, event_id in left if of == queue]
            async with alone_at(self._store, queue) as alone:
                # Whoever else is at them hides them from us, and the store's record knows them.
                parked = await self._whereabouts.parked(queue) if alone else frozenset()
            parked |= await self._store.parked.parked_events(queue, self._source, ids)
            found |= {(queue, event_id): "parked" for event_id in ids if event_id in parked}
            # Last, so that what was done while we looked elsewhere counts as done.
            missing = await self._store.inbox.missing(queue, self._source, ids)
            found |= {(queue, event_id): "done" for event_id in ids if event_id not in missing}
        return found

    async def _line_up(self, queue: str) -> list[str]:
        """Put a barrier at the end of each of the consumer's queues; gives their ids."""
        now = int(self._clock.now().timestamp())
        bodies = [_barrier(self._payments.ref, now) for _ in range(self._whereabouts.lanes)]
        await self._whereabouts.line_up(queue, bodies)
        return [identifier for identifier, _ in bodies]


def _barrier(stripe: StripeRef, created: int) -> tuple[str, bytes]:
    identifier = f"evt_audit_{secrets.token_hex(12)}"
    event = {
        "id": identifier,
        "object": "event",
        "type": BARRIER,
        "created": created,
        "livemode": stripe.mode == "live",
        "data": {"object": {"id": "audit", "object": "audit"}},
    }
    return identifier, wrap(orjson.dumps(event), stripe, traceparent(trace_id_of(None))).body


def _created(event: RawEvent) -> datetime:
    return datetime.fromtimestamp(event.created, UTC)
