"""Clocks that disagree: replicas with one another, with Stripe and with Magento."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import orjson
import pytest
from prometheus_client import CollectorRegistry
from typing_extensions import override

from consumers.orders import CONSUMER as ORDERS
from consumers.stripe_events import CONSUMER as STRIPE_EVENTS
from schemas.ids import EventId
from sidecar.bridge.catch_up import CatchUp
from sidecar.errors import UnknownOutcomeError
from sidecar.observability.metrics import Metrics
from sidecar.payment_window import close_payment_windows
from sidecar.policy import Policies, StorePolicy
from sidecar.ports.bundle import Ports
from sidecar.ports.payments import RawEvent
from sidecar.runtime.worker import Worker, WorkerOptions
from tests.consumers.builders import ORDER, STRIPE, an_order
from tests.fakes.magento import FakeMagento
from tests.fakes.payments import FakePayments
from tests.fakes.publisher import MemoryPublisher
from tests.fakes.store import MemoryStore
from tests.sidecar.bridge.test_app import an_event
from tests.sidecar.dead_letters.letters import a_body
from tests.sidecar.runtime.test_worker import MemoryDelivery

TRUE = datetime(2026, 11, 23, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


class Time:
    """The true time, which Stripe has."""

    def __init__(self) -> None:
        self.true = TRUE

    def clock(self, off: timedelta) -> "Skewed":
        return Skewed(self, off)


class Skewed:
    """A machine's clock, which is off by so much."""

    def __init__(self, time: Time, off: timedelta) -> None:
        self._time = time
        self._off = off

    def now(self) -> datetime:
        return self._time.true + self._off


class World:
    def __init__(self) -> None:
        self.time = Time()
        self.stripe = FakePayments(STRIPE, lambda: self.time.true)
        self.magento = FakeMagento(ORDER.instance)
        self.magento.place(an_order(payment_method="pm_card_visa"))
        self.ports = Ports(
            store=MemoryStore(),
            payments={STRIPE: self.stripe},
            magento={ORDER.instance: self.magento},
            publisher=MemoryPublisher(),
            policies=Policies({("shop", "*"): StorePolicy(stripe=STRIPE)}),
            clock=self.time.clock(timedelta()),
        )

    def replica(self, off: timedelta) -> Worker:
        ports = replace(self.ports, clock=self.time.clock(off))
        return Worker(ORDERS, ports, Metrics(CollectorRegistry()), WorkerOptions())


@pytest.mark.parametrize("elapsed", [timedelta(minutes=5), 13 * HOUR, 25 * HOUR, timedelta(days=20)], ids=str)
@pytest.mark.parametrize(
    ("first", "second"), [(0, 0), (0, 11), (11, 0), (11, 11), (0, -11), (-11, 0), (-5, 6), (6, -5)], ids=str
)
@pytest.mark.parametrize("method", ["create_customer", "create_payment_intent"])
async def test_replicas_whose_clocks_are_half_a_day_apart_pay_once(
    method: str, first: int, second: int, elapsed: timedelta
) -> None:
    world = World()
    world.stripe.fail_next(UnknownOutcomeError("stripe", "timeout"), when="after", method=method)
    await world.replica(first * HOUR).handle(MemoryDelivery(a_body()))
    world.time.true += elapsed
    again = MemoryDelivery(a_body())
    await world.replica(second * HOUR).handle(again)
    assert again.ended == [("acknowledged",)]
    assert (len(world.stripe.customers), len(world.stripe.intents)) == (1, 1)
    assert world.magento.orders[ORDER.order_id].invoices == 1


async def test_a_first_attempt_that_lies_in_the_future_is_looked_for() -> None:
    world = World()
    world.stripe.fail_next(UnknownOutcomeError("stripe", "timeout"), when="after", method="create_payment_intent")
    await world.replica(timedelta(days=3)).handle(MemoryDelivery(a_body()))
    world.time.true += 25 * HOUR  # Stripe has forgotten the key
    await world.replica(timedelta()).handle(MemoryDelivery(a_body()))
    assert len(world.stripe.intents) == 1


class Listed(FakePayments):
    """An account with events that were made at a true time."""

    def __init__(self, time: Time, *made_at: datetime) -> None:
        super().__init__(STRIPE, lambda: time.true)
        self._made_at = made_at
        self._time = time

    @override
    async def list_events(self, created_since: datetime) -> AsyncIterator[RawEvent]:
        for at in self._made_at:
            if created_since <= at <= self._time.true:
                created = int(at.timestamp())
                body = orjson.dumps(an_event(id=f"evt_{created}", created=created))
                event_id = EventId(f"evt_{created}")
                yield RawEvent(id=event_id, type="charge.failed", created=created, livemode=False, body=body)


@pytest.mark.parametrize("off", [timedelta(minutes=minutes) for minutes in (-600, -15, 0, 4, 9)], ids=str)
async def test_the_look_back_misses_nothing_by_a_clock_that_is_ahead_or_behind(off: timedelta) -> None:
    time, publisher, store = Time(), MemoryPublisher(), MemoryStore()
    made = [TRUE + timedelta(seconds=seconds) for seconds in range(30, 4 * 3600, 97)]
    account = Listed(time, *made)
    look = CatchUp(
        account, publisher, store, time.clock(off), overlap=timedelta(minutes=10), consumers=(STRIPE_EVENTS,)
    )
    for _ in range(60):
        await look.run()
        time.true += timedelta(minutes=5)
    assert {message.message_id for message in publisher.messages} >= {f"evt_{int(at.timestamp())}" for at in made}


async def test_a_window_closes_once_however_far_the_timers_clocks_are_apart() -> None:
    world = World()
    await world.ports.store.orders.record_placed(an_order(), STRIPE, HOUR)
    publisher = MemoryPublisher()
    for off in (timedelta(), 3 * HOUR, -3 * HOUR, timedelta(days=2)):
        await close_payment_windows(world.ports.store, publisher, world.time.clock(off))
    assert {message.message_id for message in publisher.messages} == {"window-closed-shop-42"}
