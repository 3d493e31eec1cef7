"""What is seen of queues, on a real broker."""

import asyncio

import aio_pika
from aio_pika.abc import AbstractIncomingMessage
from prometheus_client import CollectorRegistry

from sidecar.adapters.broker_amqp import declare
from sidecar.adapters.broker_amqp.count import count
from sidecar.discovery import all_consumers
from sidecar.observability.queue_metrics import QueueMetrics
from sidecar.topology import Names, topology_of
from sidecar.watch.queues import look_at_queues, watched


def test_every_queue_of_the_topology_is_watched() -> None:
    names = Names("shop1.")
    declared = {queue.name for queue in topology_of(all_consumers(), "shop1.").queues}
    assert watched(all_consumers(), names).keys() == declared


async def test_what_waits_is_counted_by_short_names(broker_url: str, topology_prefix: str) -> None:
    names, topology = Names(topology_prefix), topology_of(all_consumers(), topology_prefix)
    registry = CollectorRegistry()
    metrics = QueueMetrics(registry)

    async def leave(_: AbstractIncomingMessage) -> None:
        """Take nothing out."""

    await declare.apply(broker_url, topology)
    try:
        connection = await aio_pika.connect(broker_url)
        async with connection:
            channel = await connection.channel()
            for queue, messages in ((names.work("orders"), 2), (names.dead_letter("orders"), 3)):
                for _ in range(messages):
                    await channel.default_exchange.publish(aio_pika.Message(b"{}"), queue)
            listener = await connection.channel()
            await (await listener.get_queue(names.work("stripe-events"))).consume(leave)
            value = registry.get_sample_value

            async def seen() -> bool:
                await look_at_queues(broker_url, watched(all_consumers(), names), metrics)
                return (
                    value("sidecar_queue_messages", {"queue": "orders", "kind": "work"}) == 2
                    and value("sidecar_queue_messages", {"queue": "orders", "kind": "dead_letter"}) == 3
                )

            async with asyncio.timeout(20):  # a quorum queue counts what it confirmed a moment later
                while not await seen():  # noqa: ASYNC110  # the broker tells nobody
                    await asyncio.sleep(0.05)
            assert value("sidecar_queue_messages", {"queue": "1h", "kind": "retry"}) == 0
            assert value("sidecar_queue_consumers", {"queue": "orders"}) == 0
            assert value("sidecar_queue_consumers", {"queue": "stripe-events"}) == 1
    finally:
        await declare.remove(broker_url, topology)


async def test_a_queue_that_is_missing_is_left_out(broker_url: str, topology_prefix: str) -> None:
    assert await count(broker_url, [f"{topology_prefix}orders"]) == []
