"""Whether an audit finds each event wherever it is, on a real broker with a consumer at work."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

import orjson
import pytest
from prometheus_client import CollectorRegistry
from typing_extensions import override

from consumers.refunds import CONSUMER as REFUNDS
from consumers.stripe_events import CONSUMER as STRIPE_EVENTS
from schemas.ids import EventId
from sidecar.adapters.broker_amqp.consume import ConsumeOptions, consume
from sidecar.adapters.broker_amqp.publisher import AmqpPublisher
from sidecar.adapters.broker_amqp.whereabouts import AmqpWhereabouts
from sidecar.audit.events import Audit, AuditOptions, AuditReport
from sidecar.bridge.envelope import wrap
from sidecar.bridge.publish import publish
from sidecar.consumer import Consumer
from sidecar.dead_letters.desk import alone_at
from sidecar.errors import UnknownOutcomeError, UnmappableError
from sidecar.intake.dispatcher import Dispatcher
from sidecar.intake.long_held import told
from sidecar.observability.metrics import Metrics
from sidecar.observability.trace import traceparent
from sidecar.policy import Policies, StorePolicy
from sidecar.ports.bundle import Ports
from sidecar.ports.delivery import Delivery, Lane
from sidecar.ports.payments import RawEvent
from sidecar.runtime.worker import Worker, WorkerOptions
from sidecar.system_clock import SystemClock
from sidecar.topology import Names, Topology
from tests.consumers.builders import ORDER, STRIPE
from tests.fakes.magento import FakeMagento
from tests.fakes.payments import FakePayments
from tests.fakes.store import MemoryStore
from tests.sidecar.bridge.test_app import an_event

OPTIONS = AuditOptions(
    patience=timedelta(seconds=3), in_hand=timedelta(milliseconds=200), on_its_way=timedelta(minutes=20)
)
HOUR = timedelta(hours=1)


class Open:
    """A window on both queues of a consumer."""

    def size(self, lane: Lane) -> int:
        return {"main": 10, "surplus": 5}[lane]

    async def changed(self) -> None:
        await asyncio.Event().wait()

    def lacks(self, lane: Lane) -> None:
        raise AssertionError(lane)


class Account(FakePayments):
    """An account whose events are given; what a test says happens to each is in its id."""

    def __init__(self) -> None:
        super().__init__(STRIPE)
        self.given: list[RawEvent] = []

    def happens(self, event_id: str, *, ago: timedelta = HOUR, kind: str = "payment_intent.succeeded") -> RawEvent:
        created = int((SystemClock().now() - ago).timestamp())
        body = orjson.dumps(an_event(id=event_id, created=created, type=kind))
        event = RawEvent(id=EventId(event_id), type=kind, created=created, livemode=False, body=body)
        self.given.append(event)
        return event

    @override
    async def list_events(self, created_since: datetime) -> AsyncIterator[RawEvent]:
        for event in sorted(self.given, key=lambda each: each.created):
            if event.created >= created_since.timestamp():
                yield event


class World:
    def __init__(self, url: str, names: Names, publisher: AmqpPublisher) -> None:
        self.url = url
        self.names = names
        self.publisher = publisher
        self.account = Account()
        self.store = MemoryStore()
        self.ports = Ports(
            store=self.store,
            payments={STRIPE: self.account},
            magento={ORDER.instance: FakeMagento(ORDER.instance)},
            publisher=publisher,
            policies=Policies({("shop", "*"): StorePolicy(stripe=STRIPE)}),
            clock=SystemClock(),
        )
        self.hanging = asyncio.Event()
        self.tells = True

    async def comes(self, event: RawEvent) -> None:
        await publish(self.publisher, wrap(event.body, STRIPE, traceparent("0" * 31 + "1")))

    @asynccontextmanager
    async def at_work(self) -> AsyncIterator[None]:
        """`stripe-events`: an event with `_waits` in its id waits, with `_parks` it is parked, the rest is skipped."""
        worker = Worker(STRIPE_EVENTS, self.ports, Metrics(CollectorRegistry()), WorkerOptions())
        whole = self.store.inbox.mark_done

        async def mark_done(consumer: str, source: str, event_id: str, now: datetime) -> None:
            if "_waits" in event_id:
                raise UnknownOutcomeError("stripe", "timeout")
            if "_parks" in event_id:
                raise UnmappableError("a_test", "data", "as the test says")
            await whole(consumer, source, event_id, now)

        self.store.inbox.mark_done = mark_done  # type: ignore[method-assign]

        async def handle(delivery: Delivery) -> None:
            if b"_hangs" in delivery.body:
                await self.hanging.wait()
            await worker.handle(delivery)

        stop = asyncio.Event()
        dispatcher = Dispatcher(handle, 10, SystemClock())
        task = asyncio.create_task(
            consume(
                self.url,
                STRIPE_EVENTS.queue,
                dispatcher.receive,
                stop,
                names=self.names,
                publisher=self.publisher,
                clock=SystemClock(),
                options=ConsumeOptions(),
                on_connected=_told,
                window=Open(),
            )
        )
        try:
            async with told(
                dispatcher,
                self.store.replicas,
                STRIPE_EVENTS.queue,
                SystemClock(),
                long=timedelta(milliseconds=50),
                every=timedelta(milliseconds=20) if self.tells else HOUR,
            ):
                yield
        finally:
            self.hanging.set()
            stop.set()
            await task

    async def audit(self, *consumers: Consumer) -> AuditReport:
        where = AmqpWhereabouts(self.url, self.names, self.publisher)
        clock = SystemClock()
        audit = Audit(
            self.account, self.store, where, clock, consumers or (STRIPE_EVENTS,), options=OPTIONS, sleep=_shortly
        )
        return await audit.run(clock.now() - timedelta(days=1))


def _told(*, connected: bool) -> None:
    del connected


async def _shortly(_: float) -> None:
    await asyncio.sleep(0.05)


@pytest.fixture
def world(broker_url: str, names: Names, publisher: AmqpPublisher, topology: Topology) -> World:
    return World(broker_url, names, publisher)


def verdicts(report: AuditReport) -> dict[str, str]:
    return {each.event_id: each.verdict for each in report.undone}


async def test_each_event_is_found_where_it_is(world: World) -> None:
    happens = world.account.happens
    for name in ("evt_done", "evt_waits", "evt_parks", "evt_hangs"):
        await world.comes(happens(name))
    happens("evt_lost")
    happens("evt_young", ago=timedelta(minutes=1))
    async with world.at_work():
        report = await world.audit()
        assert verdicts(report) == {
            "evt_waits": "on_the_ladder",
            "evt_parks": "parked",
            "evt_hangs": "in_hand",
            "evt_lost": "lost",
            "evt_young": "to_come",
        }
        assert [each.event_id for each in report.lost] == ["evt_lost"]
        assert (report.listed, report.readings, report.verdicts["done"]) == (6, 6, 1)
        assert report.as_json()["lost"] == 1


async def test_what_a_process_held_that_says_nothing_any_more_is_lost(world: World) -> None:
    """A process of the release before, or one that cannot reach the store."""
    world.tells = False
    await world.comes(world.account.happens("evt_hangs"))
    async with world.at_work():
        assert verdicts(await world.audit()) == {"evt_hangs": "lost"}


async def test_dead_letters_that_somebody_has_in_hand_are_not_called_lost(world: World) -> None:
    async with world.at_work():
        await world.comes(world.account.happens("evt_parks"))
        assert verdicts(await world.audit()) == {"evt_parks": "parked"}
        async with alone_at(world.store, STRIPE_EVENTS.queue):
            assert verdicts(await world.audit()) == {"evt_parks": "parked"}


async def test_what_stands_in_a_queue_that_nobody_works_off_is_not_called_lost(world: World) -> None:
    await world.comes(world.account.happens("evt_1"))
    report = await world.audit()
    assert verdicts(report) == {"evt_1": "in_the_queue"}
    async with world.at_work():
        assert verdicts(await world.audit()) == {}


async def test_an_audit_leaves_every_message_where_it_was(world: World) -> None:
    async with world.at_work():
        for number in range(3):
            await world.comes(world.account.happens(f"evt_{number}_waits"))
            await world.comes(world.account.happens(f"evt_{number}_parks"))
        for _ in range(25):  # RabbitMQ 4 would drop what was looked at twenty times, unless it is told not to
            found = verdicts(await world.audit())
            assert set(found) == {f"evt_{number}_{end}" for number in range(3) for end in ("waits", "parks")}
            assert "lost" not in found.values()


async def test_an_event_has_to_be_handled_by_each_that_reads_it(world: World) -> None:
    event = world.account.happens("evt_r", kind="refund.updated")
    await world.comes(event)
    async with world.at_work():
        report = await world.audit(STRIPE_EVENTS, REFUNDS)
    assert report.readings == 2
    assert [(each.queue, each.verdict) for each in report.undone] == [("refunds", "in_the_queue")]


async def test_a_thousand_events_are_proven_done(world: World) -> None:
    for number in range(1000):
        event = world.account.happens(f"evt_{number}")
        await world.store.inbox.mark_done("stripe-events", f"/stripe/{STRIPE}", event.id, SystemClock().now())
    report = await world.audit()
    assert (report.listed, report.verdicts, report.undone) == (1000, {"done": 1000}, ())


async def test_only_the_window_is_looked_at(world: World) -> None:
    world.account.happens("evt_before", ago=timedelta(hours=30))
    world.account.happens("evt_after", ago=timedelta(minutes=-5))
    assert (await world.audit()).listed == 0
