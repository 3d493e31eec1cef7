"""The topology, the publisher and the consume loop on a real RabbitMQ."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import aio_pika
import pytest

from consumers.orders import CONSUMER as ORDERS
from consumers.stripe_events import CONSUMER as STRIPE_EVENTS
from schemas.catalog import CATALOG
from sidecar.adapters.broker_amqp import declare
from sidecar.adapters.broker_amqp.consume import ConsumeOptions, consume
from sidecar.adapters.broker_amqp.publisher import AmqpPublisher, open_publisher
from sidecar.discovery import all_consumers
from sidecar.errors import TransientError
from sidecar.ports.delivery import Delivery
from sidecar.retry import LADDER, Wait
from sidecar.topology import Binding, Names, QueueDeclaration, Topology, topology_of
from tests.services.tcp_proxy import TcpProxy

QUEUE = "orders"
KEY = "order.placed.v1"


class SystemClock:
    def now(self) -> datetime:
        return datetime.now(UTC)


async def publish(publisher: AmqpPublisher, body: bytes) -> None:
    await publisher.publish("magento.events", KEY, body, message_id=body.decode(), message_type="t")


@dataclass
class Receiver:
    """Takes deliveries and does with them what the test says."""

    settle: Callable[[Delivery], "asyncio.Future[None] | object"]
    seen: list[tuple[bytes, int]] = field(default_factory=list)
    arrived: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def receive(self, delivery: Delivery) -> None:
        async with self.arrived:
            self.seen.append((delivery.body, delivery.attempt))
            self.arrived.notify_all()
        with suppress(TransientError):
            await self.settle(delivery)  # type: ignore[misc]  # a coroutine

    async def until(self, count: int) -> None:
        async with asyncio.timeout(60), self.arrived:
            await self.arrived.wait_for(lambda: len({body for body, _ in self.seen}) >= count)

    async def until_deliveries(self, count: int) -> None:
        async with asyncio.timeout(60), self.arrived:
            await self.arrived.wait_for(lambda: len(self.seen) >= count)


@dataclass
class Running:
    stop: asyncio.Event
    task: "asyncio.Task[None]"
    connected: list[bool]
    paused: asyncio.Event

    async def end(self) -> None:
        self.stop.set()
        async with asyncio.timeout(60):
            await self.task


def run(url: str, receiver: Receiver, names: Names, publisher: AmqpPublisher, *, prefetch: int = 50) -> Running:
    stop, paused, connected = asyncio.Event(), asyncio.Event(), list[bool]()

    def told(*, connected: bool, log: list[bool] = connected) -> None:
        log.append(connected)
        if not connected:
            paused.set()

    task = asyncio.create_task(
        consume(
            url,
            QUEUE,
            receiver.receive,
            stop,
            names=names,
            publisher=publisher,
            clock=SystemClock(),
            options=ConsumeOptions(prefetch=prefetch, grace=timedelta(seconds=10)),
            on_connected=told,
        )
    )
    return Running(stop, task, connected, paused)


async def emptied(url: str, queue: str, count: int = 0) -> None:
    async with asyncio.timeout(60):
        while await declare.depth(url, queue) != count:  # noqa: ASYNC110  # the broker tells nobody
            await asyncio.sleep(0.05)


async def test_applying_twice_changes_nothing(broker_url: str, topology: Topology) -> None:
    await declare.apply(broker_url, topology)
    assert await declare.diff(broker_url, topology) == []


async def test_what_is_missing_or_differs_is_told(broker_url: str, topology: Topology, names: Names) -> None:
    other = QueueDeclaration(names.work(QUEUE), {"x-queue-type": "quorum", "x-delivery-limit": 3})
    missing = QueueDeclaration(names.work("nobody"), {"x-queue-type": "quorum"})
    changed = Topology(topology.exchanges, (other, missing), ())
    found = {each.name: each.problem for each in await declare.diff(broker_url, changed)}
    assert found == {other.name: "differs", missing.name: "missing"}
    with pytest.raises(declare.TopologyConflictError, match="differs"):
        await declare.apply(broker_url, changed)


async def test_every_consumer_has_its_queues_and_bindings(topology: Topology, names: Names) -> None:
    queues = {queue.name for queue in topology.queues}
    for consumer in all_consumers():
        assert {names.work(consumer.queue), names.dead_letter(consumer.queue)} <= queues
        bound = [each for each in topology.bindings if each.queue == names.work(consumer.queue)]
        others = len(consumer.stripe_events) - 1 if consumer.stripe_events else 0
        assert len(bound) == len(consumer.contracts) + (0 if consumer.takes_other_stripe_events else others)
    assert Binding(names.exchange("magento.events"), names.work("orders"), KEY) in topology.bindings


async def test_a_message_without_a_queue_is_refused(publisher: AmqpPublisher) -> None:
    with pytest.raises(TransientError, match="topology apply"):
        await publisher.publish("magento.events", "no.such.key", b"x", message_id="x", message_type="t")


async def test_commerce_events_that_nobody_has_asked_for_are_kept(
    broker_url: str, publisher: AmqpPublisher, names: Names
) -> None:
    await publisher.publish("commerce.events", "payment.captured.v1", b"x", message_id="x", message_type="t")
    await emptied(broker_url, names.unrouted(), 1)


async def test_every_contract_of_magento_has_a_queue(broker_url: str, publisher: AmqpPublisher, names: Names) -> None:
    unread = [
        each
        for each in CATALOG.values()
        if each.exchange == "magento.events" and not any(each.model in other.contracts for other in all_consumers())
    ]
    for each in unread:
        await publisher.publish("magento.events", each.routing_key, b"x", message_id=each.name, message_type=each.name)
    await emptied(broker_url, names.unrouted(), len(unread))


async def test_a_queue_gets_the_events_of_stripe_that_its_consumer_reads_and_no_others(
    broker_url: str, topology_prefix: str
) -> None:
    picky = replace(
        STRIPE_EVENTS, queue="picky", stripe_events=frozenset(("customer.updated",)), takes_other_stripe_events=False
    )
    declared, names = topology_of([STRIPE_EVENTS, picky], topology_prefix), Names(topology_prefix)
    await declare.apply(broker_url, declared)
    try:
        async with open_publisher(broker_url, names) as publisher:
            for kind in ("customer.updated", "customer.tax_id.updated", "payment_intent.succeeded"):
                await publisher.publish("stripe.events", f"main.test.{kind}", b"x", message_id=kind, message_type="t")
        await emptied(broker_url, names.work("picky"), 1)
        await emptied(broker_url, names.work("stripe-events"), 3)
    finally:
        await declare.remove(broker_url, declared)


async def test_what_is_read_from_now_on_waits_for_nobody_no_longer(broker_url: str, topology_prefix: str) -> None:
    names = Names(topology_prefix)
    before, after = topology_of([STRIPE_EVENTS], topology_prefix), topology_of([ORDERS], topology_prefix)
    await declare.apply(broker_url, before)
    await declare.apply(broker_url, after)
    try:
        async with open_publisher(broker_url, names) as publisher:
            await publish(publisher, b"x")
        await emptied(broker_url, names.work(QUEUE), 1)
        assert await declare.depth(broker_url, names.unrouted()) == 0
    finally:
        await declare.remove(broker_url, before)
        await declare.remove(broker_url, after)


async def test_a_broker_that_is_away_is_a_transient_error(names: Names) -> None:
    async with open_publisher("amqp://127.0.0.1:1/", names) as publisher:
        with pytest.raises(TransientError):
            await publish(publisher, b"x")


async def test_the_ladder_brings_a_message_back_with_its_attempts(
    broker_url: str, publisher: AmqpPublisher, names: Names
) -> None:
    async def settle(delivery: Delivery) -> None:
        if delivery.attempt < 3:
            wait = Wait(LADDER[0], timedelta(milliseconds=50))
            await delivery.retry(wait, "test", "", counted=True)
        else:
            await delivery.acknowledge()

    receiver = Receiver(settle)
    running = run(broker_url, receiver, names, publisher)
    await publish(publisher, b"m")
    await receiver.until_deliveries(3)
    await running.end()
    assert receiver.seen == [(b"m", 1), (b"m", 2), (b"m", 3)]
    await emptied(broker_url, names.work(QUEUE))


async def test_a_wait_that_does_not_count_leaves_the_attempts(
    broker_url: str, publisher: AmqpPublisher, names: Names
) -> None:
    waited = asyncio.Event()

    async def settle(delivery: Delivery) -> None:
        if waited.is_set():
            await delivery.acknowledge()
        else:
            waited.set()
            await delivery.retry(Wait(LADDER[0], timedelta(milliseconds=10)), "test", "", counted=False)

    receiver = Receiver(settle)
    running = run(broker_url, receiver, names, publisher)
    await publish(publisher, b"m")
    await receiver.until_deliveries(2)
    await running.end()
    assert [attempt for _, attempt in receiver.seen] == [1, 1]


async def test_a_parked_message_says_why_and_where_from(
    broker_url: str, publisher: AmqpPublisher, names: Names
) -> None:
    async def settle(delivery: Delivery) -> None:
        await delivery.park("invalid_field", "data.totals: is missing")

    receiver = Receiver(settle)
    running = run(broker_url, receiver, names, publisher)
    await publish(publisher, b"m")
    await emptied(broker_url, names.dead_letter(QUEUE), 1)
    await running.end()
    connection = await aio_pika.connect(broker_url)
    channel = await connection.channel()
    dead = await (await channel.get_queue(names.dead_letter(QUEUE))).get()
    assert dead is not None
    assert dead.body == b"m"
    headers = {name: dead.headers[name] for name in dead.headers if name.startswith("x-sidecar-")}
    assert headers["x-sidecar-reason"] == "invalid_field"
    assert headers["x-sidecar-detail"] == "data.totals: is missing"
    assert headers["x-sidecar-routing-key"] == KEY
    assert headers["x-sidecar-queue"] == QUEUE
    await dead.ack()
    await connection.close()


async def test_what_takes_its_consumer_down_again_and_again_is_dead_lettered_by_the_broker(
    broker_url: str, publisher: AmqpPublisher, names: Names
) -> None:
    async def settle(delivery: Delivery) -> None:
        await delivery.requeue()

    running = run(broker_url, Receiver(settle), names, publisher)
    await publish(publisher, b"m")
    await emptied(broker_url, names.dead_letter(QUEUE), 1)
    await running.end()


async def test_stopping_finishes_what_is_in_hand(broker_url: str, publisher: AmqpPublisher, names: Names) -> None:
    going_on = asyncio.Event()

    async def settle(delivery: Delivery) -> None:
        await going_on.wait()
        await delivery.acknowledge()

    receiver = Receiver(settle)
    running = run(broker_url, receiver, names, publisher, prefetch=5)
    for number in range(8):
        await publish(publisher, b"%d" % number)
    await receiver.until(5)
    running.stop.set()
    async with asyncio.timeout(60):
        await running.paused.wait()  # nothing new comes in from here on
    going_on.set()
    await running.task
    assert len(receiver.seen) == 5
    await emptied(broker_url, names.work(QUEUE), 3)


async def test_a_cut_link_loses_nothing(broker_url: str, publisher: AmqpPublisher, names: Names) -> None:
    async def settle(delivery: Delivery) -> None:
        await delivery.acknowledge()

    async with TcpProxy(broker_url) as proxy:
        receiver = Receiver(settle)
        running = run(proxy.url, receiver, names, publisher, prefetch=10)
        for number in range(100):
            await publish(publisher, b"%d" % number)
            if number % 40 == 20:
                await receiver.until(number // 2)
                await proxy.cut()
                await proxy.restore()
        await receiver.until(100)
        await emptied(broker_url, names.work(QUEUE))
        await running.end()
    assert {body for body, _ in receiver.seen} == {b"%d" % number for number in range(100)}
    assert running.connected.count(True) >= 2


async def test_messages_come_again_while_what_was_in_hand_still_works(
    broker_url: str, publisher: AmqpPublisher, names: Names
) -> None:
    going_on = asyncio.Event()
    ended: list[str] = []

    async def settle(delivery: Delivery) -> None:
        if ended:
            await delivery.acknowledge()
            return
        ended.append("begun")
        try:
            await going_on.wait()
        except asyncio.CancelledError:
            ended.append("cancelled")
            raise
        ended.append("done")

    async with TcpProxy(broker_url) as proxy:
        receiver = Receiver(settle)
        running = run(proxy.url, receiver, names, publisher)
        await publish(publisher, b"m")
        await receiver.until_deliveries(1)
        await proxy.cut()
        await proxy.restore()
        await receiver.until_deliveries(2)
        assert ended == ["begun"]
        going_on.set()
        await emptied(broker_url, names.work(QUEUE))
        await running.end()
    assert ended == ["begun", "done"]


async def test_a_message_whose_link_is_cut_is_gone_and_comes_again(
    broker_url: str, publisher: AmqpPublisher, names: Names
) -> None:
    before: list[bool] = []

    async with TcpProxy(broker_url) as proxy:

        async def settle(delivery: Delivery) -> None:
            if before:
                await delivery.acknowledge()
                return
            before.append(delivery.is_gone)
            await proxy.cut()
            async with asyncio.timeout(30):
                while not delivery.is_gone:  # noqa: ASYNC110  # the client tells nobody
                    await asyncio.sleep(0.01)
            await proxy.restore()

        receiver = Receiver(settle)
        running = run(proxy.url, receiver, names, publisher)
        await publish(publisher, b"m")
        await receiver.until_deliveries(2)
        await emptied(broker_url, names.work(QUEUE))
        await running.end()
    assert before == [False]


async def test_a_queue_that_is_deleted_is_noticed(
    broker_url: str, topology: Topology, publisher: AmqpPublisher, names: Names
) -> None:
    async def settle(delivery: Delivery) -> None:
        await delivery.acknowledge()

    receiver = Receiver(settle)
    running = run(broker_url, receiver, names, publisher)
    await publish(publisher, b"before")
    await receiver.until(1)
    connection = await aio_pika.connect(broker_url)
    channel = await connection.channel()
    await channel.queue_delete(names.work(QUEUE))
    await connection.close()
    await declare.apply(broker_url, topology)
    await publish(publisher, b"after")
    await receiver.until(2)
    await running.end()
