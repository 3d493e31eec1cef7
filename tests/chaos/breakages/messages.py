"""Messages that get lost, or are taken for done."""

import asyncio
from contextlib import suppress
from datetime import datetime
from typing import Any

from schemas.ids import Subject
from sidecar.adapters.broker_amqp.delivery import AmqpDelivery
from sidecar.adapters.store_sql.inbox import SqlInbox
from sidecar.breaker.subject import calling_for
from sidecar.bridge import publish as door
from sidecar.bridge.app import Bridge
from sidecar.bridge.catch_up import CatchUp, CatchUpReport
from sidecar.bridge.envelope import Wrapped
from sidecar.bridge.options import Account
from sidecar.consumer import Event
from sidecar.errors import TransientError
from sidecar.executor import execute
from sidecar.limiter.priority import with_priority
from sidecar.observability.tracing import Span
from sidecar.outcome import Outcome, Skip
from sidecar.ports.delivery import Delivery
from sidecar.runtime.worker import About, Worker
from tests.chaos.breakages.breakage import Breakage, put_in_place

LOST = frozenset(("a_message_is_lost", "not_paid"))


def ack_before_effect() -> None:
    """A message is acknowledged when it comes, as with a consumer that acknowledges by itself."""
    outcome, acknowledge, requeue = Worker._outcome, AmqpDelivery.acknowledge, AmqpDelivery.requeue

    async def acknowledges_first(self: Worker[Any], delivery: Delivery, work: Span) -> tuple[Outcome, About]:
        await delivery.acknowledge()
        return await outcome(self, delivery, work)

    async def acknowledges(self: AmqpDelivery) -> None:
        if not self._message.processed:
            await acknowledge(self)

    async def requeues(self: AmqpDelivery) -> None:
        if not self._message.processed:
            await requeue(self)

    put_in_place(Worker, "_outcome", acknowledges_first)
    put_in_place(AmqpDelivery, "acknowledge", acknowledges)
    put_in_place(AmqpDelivery, "requeue", requeues)


def seen_is_done() -> None:
    """An event is marked done when it is first seen."""

    async def executes(self: Worker[Any], event: Event, subject: Any, trace_id: str | None) -> Outcome:
        async with self._alone_with(subject):
            if await self._ports.store.inbox.is_done(self._consumer.queue, event.source, event.id):
                return Skip("done_already")
            await self._mark_done(event)
            with with_priority(self._consumer.priority), calling_for(subject):
                return await execute(self._consumer, event, subject, self._ports, self._metrics, trace_id=trace_id)

    put_in_place(Worker, "_execute", executes)


def inbox_off() -> None:
    """No event is ever known to be done."""

    async def is_done(self: SqlInbox, consumer: str, source: str, event_id: str) -> bool:
        del self, consumer, source, event_id
        return False

    put_in_place(SqlInbox, "is_done", is_done)


def inbox_forgets() -> None:
    """Nobody writes down which events are done."""

    async def mark_done(self: SqlInbox, consumer: str, source: str, event_id: str, now: datetime) -> None:
        del self, consumer, source, event_id, now

    put_in_place(SqlInbox, "mark_done", mark_done)


def poison_acked() -> None:
    """What nobody can handle is logged and acknowledged."""

    async def park(self: AmqpDelivery, reason: str, detail: str, subject: Subject | None = None) -> None:
        del reason, detail, subject
        await self.acknowledge()

    put_in_place(AmqpDelivery, "park", park)


def catch_up_off() -> None:
    """Nobody looks for events that no webhook has brought."""

    async def run(self: CatchUp, since: datetime | None = None, *, dry_run: bool = False) -> CatchUpReport:
        del dry_run
        return CatchUpReport(self._account, since or self._clock.now())

    put_in_place(CatchUp, "run", run)


def _say_yes_first() -> None:
    under_way: set[asyncio.Task[None]] = set()

    async def publish(self: Bridge, account: Account, wrapped: Wrapped, now: datetime) -> None:
        del account, now

        async def later() -> None:
            with suppress(TransientError):
                await door.publish(self._publisher, wrapped)

        task = asyncio.create_task(later())
        under_way.add(task)
        task.add_done_callback(under_way.discard)

    put_in_place(Bridge, "_publish", publish)


def yes_before_published() -> None:
    """The bridge answers 200 before the broker has the event."""
    _say_yes_first()


def yes_before_published_and_no_catch_up() -> None:
    """Both nets of Stripe's events are gone."""
    _say_yes_first()
    catch_up_off()


BREAKAGES = (
    Breakage(
        name="ack_before_effect",
        what="a message is acknowledged before its effects are done",
        caught_by=LOST,
        faults=("consumers_killed", "crash_after_observe", "crash_after_begin", "crash_after_effect"),
        break_it=ack_before_effect,
    ),
    Breakage(
        name="seen_is_done",
        what="an event counts as done when it is first seen",
        caught_by=frozenset(("not_paid", "not_booked", "left_open")),
        faults=("stripe_500", "magento_503", "consumers_killed"),
        break_it=seen_is_done,
    ),
    Breakage(
        name="inbox_off",
        what="no event is known to be done: each copy is handled again",
        caught_by=frozenset(),
        kinds=("card", "hosted page"),
        backs=(("memo_one", "memo_one"), ("dashboard_part",)),
        faults=("webhooks_duplicated", "crash_before_settle", "crash_after_inbox"),
        break_it=inbox_off,
        why_harmless="decisions are made from the state: the inbox saves work, and tells the look-back what is missing",
    ),
    Breakage(
        name="inbox_forgets",
        what="nobody writes down which events are done",
        caught_by=frozenset(("a_message_is_lost",)),
        break_it=inbox_forgets,
    ),
    Breakage(
        name="poison_acked",
        what="a message that nobody can handle is logged and acknowledged",
        caught_by=frozenset(("a_message_is_lost",)),
        faults=("poison",),
        break_it=poison_acked,
    ),
    Breakage(
        name="catch_up_off",
        what="lost webhooks stay lost",
        caught_by=frozenset(("a_message_is_lost",)),
        kinds=("hosted page", "card"),
        faults=("webhooks_lost",),
        break_it=catch_up_off,
    ),
    Breakage(
        name="yes_before_published",
        what="the bridge answers 200 before the broker has the event",
        caught_by=frozenset(),
        kinds=("hosted page", "card"),
        faults=("broker_cut", "bridge_killed", "broker_black_hole"),
        break_it=yes_before_published,
        why_harmless="the look-back finds at Stripe what never came",
    ),
    Breakage(
        name="yes_before_published_and_no_catch_up",
        what="the same, and nobody looks back",
        caught_by=frozenset(("a_message_is_lost",)),
        kinds=("hosted page", "card"),
        faults=("broker_cut", "bridge_killed", "broker_black_hole"),
        break_it=yes_before_published_and_no_catch_up,
    ),
)
