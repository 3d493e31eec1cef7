"""How each kind of message ends."""

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import pytest
from prometheus_client import CollectorRegistry
from typing_extensions import override

from consumers.orders import CONSUMER as ORDERS
from schemas.envelope import CloudEvent
from schemas.ids import OrderRef, Subject
from schemas.magento.order_placed_v1 import OrderPlacedV1
from sidecar.consumer import Consumer, Decision, Event
from sidecar.errors import (
    NotFoundError,
    NotYetError,
    RefusedError,
    TransientError,
    UnauthorizedError,
    UnknownOutcomeError,
    UnmappableError,
)
from sidecar.observability.metrics import Metrics
from sidecar.policy import Policies, StorePolicy
from sidecar.ports.bundle import Ports
from sidecar.retry import Wait
from sidecar.runtime.worker import Worker, WorkerOptions
from tests.consumers.builders import ORDER, STRIPE, an_order
from tests.fakes.magento import FakeMagento
from tests.fakes.payments import FakePayments
from tests.fakes.publisher import MemoryPublisher
from tests.fakes.store import MemoryStore

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


class StoppedClock:
    def now(self) -> datetime:
        return NOW


@dataclass
class MemoryDelivery:
    """A message, and how it was settled."""

    body: bytes
    attempt: int = 1
    queue: str = "orders"
    waits: int = 0
    first_seen: datetime | None = None
    ended: list[tuple[str, ...]] = field(default_factory=list)
    broker_is_away: bool = False
    is_gone: bool = False
    refusals: int = 0
    about: Subject | None = None

    async def _end(self, *how: str) -> None:
        await asyncio.sleep(0)
        if self.broker_is_away:
            raise TransientError("broker", "unreachable")
        if self.refusals:
            self.refusals -= 1
            raise TransientError("broker", "timeout")
        self.ended.append(how)

    async def acknowledge(self) -> None:
        await self._end("acknowledged")

    async def retry(self, wait: Wait, reason: str, detail: str, *, counted: bool) -> None:
        del detail
        await self._end("retry", wait.rung.name, reason, "counted" if counted else "not counted")

    async def park(self, reason: str, detail: str, subject: Subject | None = None) -> None:
        self.about = subject
        await self._end("parked", reason, detail)

    async def requeue(self) -> None:
        await self._end("requeued")


class World:
    """The ports in memory, and the worker's metrics."""

    def __init__(self) -> None:
        self.stripe = FakePayments(STRIPE, lambda: NOW)
        self.magento = FakeMagento(ORDER.instance)
        self.ports = Ports(
            store=MemoryStore(),
            payments={STRIPE: self.stripe},
            magento={ORDER.instance: self.magento},
            publisher=MemoryPublisher(),
            policies=Policies({("shop", "*"): StorePolicy(stripe=STRIPE)}),
            clock=StoppedClock(),
        )
        self.registry = CollectorRegistry()
        self.metrics = Metrics(self.registry)

    def worker(self, consumer: Consumer = ORDERS) -> Worker:
        return Worker(
            consumer, self.ports, self.metrics, WorkerOptions(max_attempts=3, settle_again_after=timedelta(0))
        )

    def count(self, outcome: str, reason: str = "") -> float:
        labels = {"queue": "orders", "type": OrderPlacedV1.TYPE, "outcome": outcome, "reason": reason}
        return self.registry.get_sample_value("sidecar_messages_total", labels) or 0


def a_message(order: OrderPlacedV1 | None = None, **changes: Any) -> bytes:
    placed = order or an_order(payment_method="pm_card_visa")
    event = CloudEvent[OrderPlacedV1](
        id="e1", source="/magento/shop", type=OrderPlacedV1.TYPE, time=NOW, data=placed
    ).model_dump(mode="json")
    return orjson.dumps(event | changes)


def failing(error: BaseException) -> Consumer:
    async def locate(event: Event, ports: Ports) -> OrderRef:
        return ORDER

    async def observe(event: Event, order: OrderRef, ports: Ports) -> None:
        raise error

    async def handle(order: OrderRef, ports: Ports, known: object) -> Decision:
        return Decision()

    return Consumer(
        queue="orders", contracts=(OrderPlacedV1,), locate=locate, observe=observe, handle=handle, about="order"
    )


async def test_an_order_is_paid_and_acknowledged() -> None:
    world = World()
    world.magento.place(an_order())
    delivery = MemoryDelivery(a_message())
    await world.worker().handle(delivery)
    assert delivery.ended == [("acknowledged",)]
    assert world.magento.orders[ORDER.order_id].invoices == 1
    assert world.count("done") == 1


async def test_a_hundred_copies_at_once_pay_once() -> None:
    world = World()
    world.magento.place(an_order())
    worker = world.worker()
    copies = [MemoryDelivery(a_message()) for _ in range(100)]
    await asyncio.gather(*(worker.handle(copy) for copy in copies))
    assert all(copy.ended == [("acknowledged",)] for copy in copies)
    assert len(world.stripe.intents) == 1
    assert world.registry.get_sample_value("sidecar_inbox_hits_total", {"queue": "orders"}) == 99


@pytest.mark.parametrize(
    ("body", "reason", "path"),
    [
        (b"", "invalid_json", "body"),
        (b"{", "invalid_json", "body"),
        (b"[]", "invalid_field", ""),
        (b'{"specversion": "1.0"}', "invalid_field", "type"),
        (a_message(type="magento.order.shipped.v1"), "unknown_type", "type"),
        (a_message(specversion="0.3"), "invalid_field", "specversion"),
        (a_message(data={}), "invalid_field", "data.instance"),
        (a_message(time="yesterday"), "invalid_field", "time"),
    ],
)
async def test_what_cannot_be_read_is_parked_with_the_field(body: bytes, reason: str, path: str) -> None:
    delivery = MemoryDelivery(body)
    await World().worker().handle(delivery)
    ((how, why, detail),) = delivery.ended
    assert (how, why) == ("parked", reason)
    assert detail.startswith(path)


async def test_an_order_of_an_unknown_store_is_parked() -> None:
    world = World()
    world.ports = Ports(
        store=world.ports.store,
        payments=world.ports.payments,
        magento=world.ports.magento,
        publisher=world.ports.publisher,
        policies=Policies({("shop", "other"): StorePolicy(stripe=STRIPE)}),
        clock=world.ports.clock,
    )
    delivery = MemoryDelivery(a_message())
    await world.worker().handle(delivery)
    assert delivery.ended[0][:2] == ("parked", "unknown_store")
    assert "data.store.store_code" in delivery.ended[0][2]


@pytest.mark.parametrize(
    ("total", "currency", "reason"),
    [
        ("0.20", "USD", "amount_not_chargeable"),
        ("-5.00", "USD", "amount_not_chargeable"),
        ("10.005", "USD", "amount_not_expressible"),
        ("10.5", "JPY", "amount_not_expressible"),
        ("10.005", "KWD", "amount_not_expressible"),
        ("10.00", "XXX", "amount_not_expressible"),
        ("1000000.00", "USD", "amount_not_chargeable"),
    ],
)
async def test_what_cannot_be_charged_is_told_in_magento_and_parked(total: str, currency: str, reason: str) -> None:
    world = World()
    order = an_order(total=total, currency=currency)
    world.magento.place(order)
    delivery = MemoryDelivery(a_message(order))
    await world.worker().handle(delivery)
    assert delivery.ended[0][:2] == ("parked", reason)
    assert "data.totals.total_due" in delivery.ended[0][2]
    (comment,) = world.magento.orders[ORDER.order_id].comments
    assert "cannot be paid with Stripe" in comment
    assert world.stripe.intents == ()


async def test_another_payment_method_is_not_ours() -> None:
    world = World()
    delivery = MemoryDelivery(a_message(an_order(method="checkmo")))
    await world.worker().handle(delivery)
    assert delivery.ended == [("acknowledged",)]
    assert world.count("skip", "other_payment_method") == 1


@pytest.mark.parametrize(
    ("error", "attempt", "ended"),
    [
        (TransientError("stripe", "http_503"), 1, ("retry", "1s", "http_503", "counted")),
        (TransientError("stripe", "http_503"), 2, ("retry", "10s", "http_503", "counted")),
        (
            TransientError("stripe", "http_503", retry_after=timedelta(seconds=30)),
            1,
            ("retry", "1m", "http_503", "counted"),
        ),
        (TransientError("store", "order_locked"), 9, ("retry", "1s", "order_locked", "not counted")),
        (UnknownOutcomeError("stripe", "timeout"), 1, ("retry", "1s", "timeout", "counted")),
        (UnauthorizedError("magento", "http_401"), 9, ("retry", "1s", "http_401", "not counted")),
        (NotYetError("order_unknown", "x"), 1, ("retry", "1s", "order_unknown", "counted")),
        (ZeroDivisionError("x"), 1, ("retry", "1s", "bug", "counted")),
    ],
)
async def test_what_may_work_later_waits(error: Exception, attempt: int, ended: tuple[str, ...]) -> None:
    delivery = MemoryDelivery(a_message(), attempt)
    await World().worker(failing(error)).handle(delivery)
    assert delivery.ended == [ended]


@pytest.mark.parametrize(
    ("error", "attempt", "reason"),
    [
        (TransientError("stripe", "http_503"), 3, "http_503"),
        (ZeroDivisionError("x"), 3, "bug"),
        (RefusedError("stripe", "parameter_invalid", "no", field="amount"), 1, "parameter_invalid"),
        (NotFoundError("magento", "not_found"), 1, "not_found"),
        (UnmappableError("unknown_currency", "data.totals.currency", "no"), 1, "unknown_currency"),
    ],
)
async def test_what_will_not_work_is_parked_and_told(error: Exception, attempt: int, reason: str) -> None:
    world = World()
    delivery = MemoryDelivery(a_message(), attempt)
    await world.worker(failing(error)).handle(delivery)
    assert delivery.ended[0][:2] == ("parked", reason)
    (line,) = await world.ports.store.timeline.read(ORDER)
    assert (line.kind, reason in line.summary) == ("message.parked", True)
    assert delivery.about == ORDER
    (lying,) = await world.ports.store.parked.summaries()
    assert (lying.queue, lying.reason, lying.count) == ("orders", reason, 1)
    assert await world.ports.store.parked.parked_events("orders", "/magento/shop", ["e1"]) == {"e1"}


async def test_a_settlement_that_fails_leaves_the_message_to_come_again() -> None:
    world = World()
    world.magento.place(an_order())
    delivery = MemoryDelivery(a_message(), broker_is_away=True, is_gone=True)
    await world.worker().handle(delivery)
    assert delivery.ended == []
    again = MemoryDelivery(a_message())
    await world.worker().handle(again)
    assert again.ended == [("acknowledged",)]
    assert world.magento.orders[ORDER.order_id].invoices == 1


async def test_a_message_that_the_broker_does_not_take_back_is_settled_later() -> None:
    world = World()
    delivery = MemoryDelivery(a_message(), refusals=6)
    await world.worker(failing(NotYetError("too_early", ""))).handle(delivery)
    assert delivery.ended == [("retry", "1s", "too_early", "counted")]
    assert world.count("retry", "too_early") == 1


async def test_a_message_whose_link_is_lost_meanwhile_is_let_go() -> None:
    @dataclass
    class Lost(MemoryDelivery):
        @override
        async def retry(self, wait: Wait, reason: str, detail: str, *, counted: bool) -> None:
            self.is_gone = self.refusals == 1
            await super().retry(wait, reason, detail, counted=counted)

    delivery = Lost(a_message(), refusals=3)
    await World().worker(failing(NotYetError("too_early", ""))).handle(delivery)
    assert delivery.ended == []


@pytest.mark.parametrize("link_is_lost", [False, True])
async def test_a_cancelled_handling_gives_the_message_back_once(*, link_is_lost: bool) -> None:
    started = asyncio.Event()

    async def locate(event: Event, ports: Ports) -> OrderRef:
        started.set()
        await asyncio.Event().wait()
        raise AssertionError

    async def unused(*_: Any) -> Any:
        raise AssertionError

    stuck = Consumer(
        queue="orders", contracts=(OrderPlacedV1,), locate=locate, observe=unused, handle=unused, about="order"
    )
    delivery = MemoryDelivery(a_message(), broker_is_away=link_is_lost, is_gone=link_is_lost)
    task = asyncio.create_task(World().worker(stuck).handle(delivery))
    await started.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert delivery.ended == ([] if link_is_lost else [("requeued",)])


async def test_a_settlement_cannot_be_cancelled() -> None:
    world = World()
    world.magento.place(an_order())
    settling, go_on = asyncio.Event(), asyncio.Event()

    @dataclass
    class Slow(MemoryDelivery):
        @override
        async def acknowledge(self) -> None:
            settling.set()
            await go_on.wait()
            await super().acknowledge()

    delivery = Slow(a_message())
    task = asyncio.create_task(world.worker().handle(delivery))
    await settling.wait()
    task.cancel()
    go_on.set()
    with pytest.raises(asyncio.CancelledError):
        await task
    async with asyncio.timeout(5):
        while not delivery.ended:  # noqa: ASYNC110  # the shielded settlement goes on by itself
            await asyncio.sleep(0)
    assert delivery.ended == [("acknowledged",)]
