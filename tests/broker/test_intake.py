"""What is taken from a real queue: nothing while it could not be handled, and one store's sale holds up no other."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta

import aio_pika
import orjson
import pytest
from prometheus_client import CollectorRegistry

from consumers.orders import CONSUMER as ORDERS
from schemas.ids import AccountAlias, StripeRef
from sidecar.adapters.broker_amqp import declare
from sidecar.adapters.broker_amqp.consume import ConsumeOptions, consume
from sidecar.adapters.broker_amqp.publisher import AmqpPublisher
from sidecar.breaker.board import Board
from sidecar.breaker.circuit import STORE_CIRCUIT, CircuitName, stripe_circuit
from sidecar.breaker.policy import BreakerPolicy
from sidecar.breaker.routes import Route
from sidecar.errors import TransientError, UnknownOutcomeError
from sidecar.intake.dispatcher import Dispatcher
from sidecar.intake.inlet import Inlet
from sidecar.intake.prefetch import PrefetchPolicy
from sidecar.observability.metrics import Metrics
from sidecar.policy import Policies, StorePolicy
from sidecar.ports.bundle import Ports
from sidecar.ports.delivery import Delivery, Lane
from sidecar.runtime.worker import Worker, WorkerOptions
from sidecar.system_clock import SystemClock
from sidecar.topology import Names, Topology
from tests.consumers.builders import ORDER, STRIPE, an_order
from tests.fakes.magento import FakeMagento
from tests.fakes.payments import FakePayments
from tests.fakes.store import MemoryStore
from tests.sidecar.dead_letters.letters import a_body

QUEUE = "orders"
OTHER = StripeRef(account=AccountAlias("other"), mode="test")
SHORT = BreakerPolicy(
    first_open=timedelta(milliseconds=300),
    longest_open=timedelta(milliseconds=600),
    probe_patience=timedelta(seconds=5),
)


@dataclass
class Settable:
    """A window that the test sets."""

    sizes: dict[Lane, int]
    told: asyncio.Event = field(default_factory=asyncio.Event)

    def size(self, lane: Lane) -> int:
        return self.sizes.get(lane, 0)

    async def changed(self) -> None:
        await self.told.wait()
        self.told.clear()

    def lacks(self, lane: Lane) -> None:
        raise AssertionError(lane)

    def set(self, **sizes: int) -> None:
        self.sizes = {"main": sizes.get("main", 0), "surplus": sizes.get("surplus", 0)}
        self.told.set()


def _told(*, connected: bool) -> None:
    del connected


@dataclass
class Broker:
    url: str
    names: Names
    publisher: AmqpPublisher

    @asynccontextmanager
    async def consuming(self, receive: Callable[..., Awaitable[None]], window: object) -> AsyncIterator[None]:
        stop = asyncio.Event()
        task = asyncio.create_task(
            consume(
                self.url,
                QUEUE,
                receive,  # type: ignore[arg-type]  # a coroutine function
                stop,
                names=self.names,
                publisher=self.publisher,
                clock=SystemClock(),
                options=ConsumeOptions(grace=timedelta(seconds=10)),
                on_connected=_told,
                window=window,  # type: ignore[arg-type]  # one of the windows
            )
        )
        try:
            yield
        finally:
            stop.set()
            await task

    async def publish(self, body: bytes) -> None:
        identifier = str(orjson.loads(body)["id"])
        await self.publisher.publish(
            "magento.events", "order.placed.v1", body, message_id=identifier, message_type="magento.order.placed.v1"
        )

    async def depth(self, queue: str = QUEUE) -> int:
        return await declare.depth(self.url, self.names.work(queue))

    async def attempts_on_the_ladder(self) -> Counter[tuple[str, int, int]]:
        """Reason, attempts used up and free waits of what waits, by peeking at it."""
        found: Counter[tuple[str, int, int]] = Counter()
        connection = await aio_pika.connect(self.url)
        channel = await connection.channel()
        for rung in ("1s", "10s", "1m", "10m", "1h"):
            queue = await channel.get_queue(f"{self.names.prefix}sidecar.retry.{rung}")
            while (message := await queue.get(fail=False)) is not None:
                headers = message.headers
                found[
                    str(headers["x-sidecar-reason"]),
                    int(str(headers["x-sidecar-attempt"])),
                    int(str(headers["x-sidecar-waits"])),
                ] += 1
        await connection.close()
        return found


async def until(holds: Callable[[], bool] | Callable[[], Awaitable[bool]], seconds: float = 60) -> None:
    async with asyncio.timeout(seconds):
        while True:
            held = holds()
            if held if isinstance(held, bool) else await held:
                return
            await asyncio.sleep(0.02)


@pytest.fixture
def broker(broker_url: str, names: Names, publisher: AmqpPublisher, topology: Topology) -> Broker:
    return Broker(broker_url, names, publisher)


async def test_a_shut_window_leaves_messages_ready_for_others(broker: Broker) -> None:
    seen: list[bytes] = []

    async def receive(delivery: Delivery) -> None:
        seen.append(delivery.body)
        await delivery.acknowledge()

    window = Settable({"main": 10, "surplus": 10})
    async with broker.consuming(receive, window):
        await broker.publish(a_body(1))
        await until(lambda: len(seen) == 1)
        window.set()
        await until(lambda: _has_no_consumer(broker))
        for number in range(2, 7):
            await broker.publish(a_body(number))
        assert await broker.depth() == 5  # ready, and not in anybody's hand
        window.set(main=1)
        await until(lambda: len(seen) == 6)
        assert await broker.depth() == 0


async def _has_no_consumer(broker: Broker) -> bool:
    connection = await aio_pika.connect(broker.url)
    channel = await connection.channel()
    queue = await channel.declare_queue(broker.names.work(QUEUE), passive=True)
    await connection.close()
    return queue.declaration_result.consumer_count == 0


async def test_no_more_than_the_window_are_in_hand(broker: Broker) -> None:
    in_hand, most, go_on = 0, 0, asyncio.Event()

    async def receive(delivery: Delivery) -> None:
        nonlocal in_hand, most
        in_hand += 1
        most = max(most, in_hand)
        await go_on.wait()
        await delivery.acknowledge()
        in_hand -= 1

    for number in range(1, 31):
        await broker.publish(a_body(number))
    window = Settable({"main": 4})
    async with broker.consuming(receive, window):
        await until(lambda: in_hand == 4)
        assert await broker.depth() == 26
        go_on.set()
        await until(lambda: _is(broker.depth, 0))
    assert most == 4


async def _is(depth: Callable[[], Awaitable[int]], count: int) -> bool:
    return await depth() == count


async def test_a_flash_sale_holds_up_no_other_store(broker: Broker) -> None:
    """300 orders of one store lie before the first of another, and each takes a while."""
    order: list[int] = []
    going = asyncio.Event()

    async def handle(delivery: Delivery) -> None:
        await going.wait()
        await asyncio.sleep(0.002)
        order.append(orjson.loads(delivery.body)["data"]["store"]["store_id"])
        await delivery.acknowledge()

    sale, small = _of_store(1), _of_store(2)
    set_aside: list[bool] = []
    dispatcher = Dispatcher(handle, places=4, clock=SystemClock(), on_set_aside=lambda: set_aside.append(True))
    board = Board({}, MemoryStore().circuits, policy=SHORT, clock=SystemClock(), replica="one")
    inlet = Inlet(dispatcher, PrefetchPolicy(places=4, most=16, most_bytes=2**25), board, [])
    await broker.publish(small(1))  # so that it is known
    for number in range(2, 302):
        await broker.publish(sale(number))
    for number in range(302, 305):
        await broker.publish(small(number))
    async with broker.consuming(dispatcher.receive, inlet):
        await until(lambda: _is(broker.depth, 0))  # what is more than its share has been set aside
        going.set()
        await until(lambda: len(order) == 304)
    assert Counter(order) == {1: 300, 2: 4}
    assert max(place for place, store in enumerate(order) if store == 2) < 30
    assert len(set_aside) > 250
    assert await broker.depth("orders.surplus") == 0


def _of_store(store: int) -> Callable[[int], bytes]:
    def body(number: int) -> bytes:
        document = orjson.loads(a_body(number))
        document["data"]["store"] |= {"store_id": store, "store_code": f"s{store}"}
        return orjson.dumps(document)

    return body


async def test_one_store_alone_is_worked_off_in_its_order(broker: Broker) -> None:
    order: list[str] = []

    async def handle(delivery: Delivery) -> None:
        order.append(orjson.loads(delivery.body)["id"])
        await delivery.acknowledge()

    set_aside: list[bool] = []
    dispatcher = Dispatcher(handle, places=1, clock=SystemClock(), on_set_aside=lambda: set_aside.append(True))
    board = Board({}, MemoryStore().circuits, policy=SHORT, clock=SystemClock(), replica="one")
    inlet = Inlet(dispatcher, PrefetchPolicy(places=1, most=16, most_bytes=2**25), board, [])
    for number in range(1, 101):
        await broker.publish(a_body(number))
    async with broker.consuming(dispatcher.receive, inlet):
        await until(lambda: len(order) == 100)
    assert order == [f"e{number}" for number in range(1, 101)]
    assert set_aside == []


async def test_without_a_surplus_queue_everything_goes_on(broker: Broker) -> None:
    connection = await aio_pika.connect(broker.url)
    await (await connection.channel()).queue_delete(broker.names.surplus(QUEUE))
    await connection.close()
    done: list[int] = []

    async def handle(delivery: Delivery) -> None:
        done.append(orjson.loads(delivery.body)["data"]["store"]["store_id"])
        await asyncio.sleep(0.001)
        await delivery.acknowledge()

    set_aside: list[bool] = []
    dispatcher = Dispatcher(handle, places=2, clock=SystemClock(), on_set_aside=lambda: set_aside.append(True))
    board = Board({}, MemoryStore().circuits, policy=SHORT, clock=SystemClock(), replica="one")
    inlet = Inlet(dispatcher, PrefetchPolicy(places=2, most=8, most_bytes=2**25), board, [])
    sale, small = _of_store(1), _of_store(2)
    for number in range(1, 41):
        await broker.publish((small if number % 20 == 0 else sale)(number))
    async with broker.consuming(dispatcher.receive, inlet):
        await until(lambda: len(done) == 40)
    assert set_aside == []


class Shop:
    """The consumer of orders as `sidecar run` puts it together, with upstreams in memory, for two accounts."""

    def __init__(self, broker: Broker, routes: list[Route]) -> None:
        self.broker = broker
        self.stripe = {STRIPE: FakePayments(STRIPE), OTHER: FakePayments(OTHER)}
        self.magento = FakeMagento(ORDER.instance)
        self.store = MemoryStore()
        circuits: dict[CircuitName, object] = {stripe_circuit(ref): "stripe" for ref in self.stripe}
        self.board = Board(
            circuits,  # type: ignore[arg-type]  # both are Stripe
            self.store.circuits,
            policy=SHORT,
            clock=SystemClock(),
            replica="one",
            own={STORE_CIRCUIT: "store"},
            every=timedelta(milliseconds=50),
        )
        for ref, payments in self.stripe.items():
            _guarded(payments, self.board, ref)
        ports = Ports(
            store=self.store,
            payments=self.stripe,
            magento={ORDER.instance: self.magento},
            publisher=broker.publisher,
            policies=Policies(
                {("shop", "default"): StorePolicy(stripe=STRIPE), ("shop", "b"): StorePolicy(stripe=OTHER)}
            ),
            clock=SystemClock(),
        )
        worker = Worker(
            ORDERS, ports, Metrics(CollectorRegistry()), WorkerOptions(max_attempts=3), self.board[STORE_CIRCUIT]
        )
        self.dispatcher = Dispatcher(worker.handle, places=4, clock=SystemClock())
        policy = PrefetchPolicy(places=4, most=8, most_bytes=2**25)
        self.inlet = Inlet(
            self.dispatcher, policy, self.board, routes, [STORE_CIRCUIT], every=timedelta(milliseconds=100)
        )

    async def place(self, number: int, store_code: str = "default") -> None:
        order = an_order(order_id=number, payment_method="pm_card_visa", store_code=store_code)
        self.magento.place(order)
        document = orjson.loads(a_body(number))
        document["data"]["store"]["store_code"] = store_code
        await self.broker.publish(orjson.dumps(document))

    def paid(self) -> set[int]:
        return {number for number, order in self.magento.orders.items() if order.invoices == 1}

    @asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        async with self.board.kept(), self.broker.consuming(self.dispatcher.receive, self.inlet):
            yield


def _guarded(payments: FakePayments, board: Board, ref: StripeRef) -> None:
    """As the adapter does it: each call goes past the breaker."""
    breaker = board[stripe_circuit(ref)]
    for name in ("create_customer", "create_payment_intent", "retrieve_payment_intent"):
        method = getattr(payments, name)

        async def call(*args: object, _method: Callable[..., Awaitable[object]] = method, **named: object) -> object:
            async with breaker.call():
                if getattr(payments, "is_down", False):
                    raise UnknownOutcomeError("stripe", "timeout")
                return await _method(*args, **named)

        setattr(payments, name, call)


def down(payments: FakePayments, *, down: bool) -> None:
    payments.is_down = down  # type: ignore[attr-defined]  # a switch of this test


async def test_an_outage_leaves_messages_in_the_queue_and_uses_up_no_attempts(broker: Broker) -> None:
    shop = Shop(broker, [frozenset({stripe_circuit(STRIPE)})])
    down(shop.stripe[STRIPE], down=True)
    async with shop.open():
        for number in range(1, 41):
            await shop.place(number)
        await until(lambda: shop.board.blocked([stripe_circuit(STRIPE)]) != frozenset())
        await until(lambda: _has_no_consumer(broker))
        await until(lambda: _circuit(shop).opened >= 3)  # it is probed, and stays down
        assert await broker.depth() >= 20
        down(shop.stripe[STRIPE], down=False)
        await until(lambda: shop.paid() == set(range(1, 41)))
        assert await declare.depth(broker.url, broker.names.dead_letter(QUEUE)) == 0
    assert len(shop.stripe[STRIPE].intents) == 40
    assert _circuit(shop).state == "closed"


async def test_what_was_in_hand_waits_on_the_ladder_without_using_up_attempts(broker: Broker) -> None:
    shop = Shop(broker, [frozenset({stripe_circuit(STRIPE)})])
    down(shop.stripe[STRIPE], down=True)
    for number in range(1, 31):
        await shop.place(number)
    async with shop.open():
        await until(lambda: shop.board.blocked([stripe_circuit(STRIPE)]) != frozenset())
        await until(lambda: _has_no_consumer(broker))
    waiting = await broker.attempts_on_the_ladder()
    assert sum(waiting.values()) + await broker.depth() == 30
    counted = sum(count for (_, attempts, _), count in waiting.items() if attempts)
    assert counted < SHORT.consecutive  # those by which it was found out
    assert any(waits and not attempts for (_, attempts, waits) in waiting)


def _circuit(shop: Shop):  # type: ignore[no-untyped-def]
    return shop.board[stripe_circuit(STRIPE)].circuit


async def test_an_account_that_is_down_stops_no_other(broker: Broker) -> None:
    shop = Shop(broker, [frozenset({stripe_circuit(STRIPE)}), frozenset({stripe_circuit(OTHER)})])
    down(shop.stripe[STRIPE], down=True)
    async with shop.open():
        for number in range(1, 21):
            await shop.place(number)
        await until(lambda: shop.board.blocked([stripe_circuit(STRIPE)]) != frozenset())
        for number in range(21, 31):
            await shop.place(number, "b")
        await until(lambda: shop.paid() == set(range(21, 31)))
        down(shop.stripe[STRIPE], down=False)
        await until(lambda: shop.paid() == set(range(1, 31)))
        assert await declare.depth(broker.url, broker.names.dead_letter(QUEUE)) == 0


async def test_declines_open_nothing(broker: Broker) -> None:
    shop = Shop(broker, [frozenset({stripe_circuit(STRIPE)})])
    async with shop.open():
        for number in range(1, 31):
            order = an_order(order_id=number, payment_method="pm_card_visa_chargeDeclined")
            shop.magento.place(order)
            document = orjson.loads(a_body(number))
            document["data"]["payment"]["payment_method"] = "pm_card_visa_chargeDeclined"
            await broker.publish(orjson.dumps(document))
        await until(lambda: len(shop.stripe[STRIPE].intents) == 30)
        await until(lambda: _is(broker.depth, 0))
    assert _circuit(shop).version == 0


async def test_a_store_that_is_away_leaves_messages_in_the_queue(broker: Broker) -> None:
    shop = Shop(broker, [frozenset({stripe_circuit(STRIPE)})])
    whole, away = shop.store.inbox.is_done, True

    async def is_done(consumer: str, source: str, event_id: str) -> bool:
        if away:
            raise TransientError("store", "connection_lost")
        return await whole(consumer, source, event_id)

    shop.store.inbox.is_done = is_done  # type: ignore[method-assign]  # the store goes away
    async with shop.open():
        for number in range(1, 31):
            await shop.place(number)
        await until(lambda: shop.board.blocked([STORE_CIRCUIT]) != frozenset())
        await until(lambda: _has_no_consumer(broker))
        assert await broker.depth() >= 10
        away = False
        await until(lambda: shop.paid() == set(range(1, 31)))
        assert await declare.depth(broker.url, broker.names.dead_letter(QUEUE)) == 0
