"""A message that cannot be moved at first: it is moved as soon as it can be, and not when the broker gives up on us."""

import asyncio
from datetime import timedelta
from typing import Any

import aio_pika
import pytest
from typing_extensions import override

from sidecar.adapters.broker_amqp import declare
from sidecar.adapters.broker_amqp.publisher import AmqpPublisher
from sidecar.errors import TransientError
from sidecar.ports.delivery import Delivery
from sidecar.retry import LADDER, Wait
from sidecar.topology import Names, Topology
from tests.broker.test_broker import QUEUE, Receiver, emptied, publish, run


class Watched(AmqpPublisher):
    """Tells when it has failed."""

    def __init__(self, url: str, names: Names) -> None:
        super().__init__(url, names)
        self.failed = asyncio.Event()

    @override
    async def publish_raw(self, *arguments: Any, **named: Any) -> None:
        try:
            await super().publish_raw(*arguments, **named)
        except TransientError:
            self.failed.set()
            raise


@pytest.mark.parametrize("way", ["retry", "park"])
async def test_what_has_nowhere_to_go_goes_when_there_is_a_way_again(
    broker_url: str, names: Names, topology: Topology, publisher: AmqpPublisher, way: str
) -> None:
    async def settle(delivery: Delivery) -> None:
        if delivery.attempt > 1:
            await delivery.acknowledge()
        elif way == "retry":
            await delivery.retry(Wait(LADDER[0], timedelta(milliseconds=100)), "r", "d", counted=True)
        else:
            await delivery.park("r", "d")

    watched = Watched(broker_url, names)
    receiver = Receiver(settle)
    await _without(broker_url, names.retry(LADDER[0]) if way == "retry" else names.dead_letter_exchange())
    running = run(broker_url, receiver, names, watched)
    await publish(publisher, b"one")
    async with asyncio.timeout(60):
        await watched.failed.wait()
    await declare.apply(broker_url, topology)
    if way == "retry":
        await receiver.until_deliveries(2)
    else:
        await emptied(broker_url, names.dead_letter(QUEUE), 1)
    assert [attempt for _, attempt in receiver.seen] == ([1, 2] if way == "retry" else [1])
    assert running.connected == [True]  # on the connection that it had all the while
    await running.end()
    await watched.close()
    assert await declare.depth(broker_url, names.work(QUEUE)) == 0


async def test_what_is_not_ours_any_more_is_not_moved(
    broker_url: str, names: Names, topology: Topology, publisher: AmqpPublisher
) -> None:
    ended = asyncio.Event()

    async def settle(delivery: Delivery) -> None:
        try:
            await delivery.park("r", "d")
        finally:
            ended.set()

    watched = Watched(broker_url, names)
    await _without(broker_url, names.dead_letter_exchange())
    running = run(broker_url, Receiver(settle), names, watched)
    await publish(publisher, b"one")
    async with asyncio.timeout(60):
        await watched.failed.wait()
        connection = await aio_pika.connect(broker_url)
        await (await connection.channel()).queue_delete(names.work(QUEUE))  # which ends the channel that read it
        await connection.close()
        await running.paused.wait()
        await ended.wait()
    await declare.apply(broker_url, topology)
    await running.end()
    await watched.close()
    assert await declare.depth(broker_url, names.dead_letter(QUEUE)) == 0


async def _without(url: str, exchange: str) -> None:
    connection = await aio_pika.connect(url)
    await (await connection.channel()).exchange_delete(exchange)
    await connection.close()
