"""The floor, and FastStream over it: handlers that say the recorded script by the bare drivers, and nothing else."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

import aio_pika
import aiohttp
import aiomysql
import orjson
from aio_pika.abc import AbstractExchange, AbstractIncomingMessage
from faststream.rabbit import Channel, RabbitBroker, RabbitQueue

from schemas.envelope import CloudEvent
from schemas.stripe.event_v1 import StripeEventV1
from sidecar.topology import Names
from tests.bench.pipelines.databases import connect
from tests.bench.pipelines.scene import Scene
from tests.bench.pipelines.script import Step

_FOUND_ROWS = 2
"""`CLIENT.FOUND_ROWS`, which the sidecar's connections to Magento ask for."""


@dataclass(slots=True)
class Hand:
    """What one message is worked on with: a connection to each database, for the whole of the message."""

    store: aiomysql.Cursor
    magento: aiomysql.Cursor


class Replay:
    """Says the steps of a message, with as many hands as messages may be worked on at once."""

    def __init__(self, http: aiohttp.ClientSession, exchanges: Callable[[str], AbstractExchange]) -> None:
        self.steps: dict[int, list[Step]] = {}
        self._http = http
        self._exchanges = exchanges
        self._idle: asyncio.Queue[Hand] = asyncio.Queue()

    def lend(self, hand: Hand) -> None:
        """One more."""
        self._idle.put_nowait(hand)

    async def say(self, number: int) -> None:
        """Everything about one order."""
        hand = await self._idle.get()
        try:
            for step in self.steps[number]:
                match step.where:
                    case "store":
                        await _execute(hand.store, step)
                    case "magento":
                        await _execute(hand.magento, step)
                    case "stripe":
                        url, headers, data = step.values
                        async with self._http.request(step.what, url, headers=headers, data=data) as response:
                            orjson.loads(await response.read())
                    case "broker":
                        routing_key, body = step.values
                        message = aio_pika.Message(body, delivery_mode=aio_pika.DeliveryMode.PERSISTENT)
                        await self._exchanges(step.what).publish(message, routing_key, mandatory=True)
        finally:
            self._idle.put_nowait(hand)


async def _execute(cursor: aiomysql.Cursor, step: Step) -> None:
    await cursor.execute(step.what, step.values)
    while await cursor.nextset():
        pass
    if cursor.description:
        await cursor.fetchall()


@asynccontextmanager
async def replay(scene: Scene, hands: int) -> AsyncIterator[Replay]:
    """Open everything that a script needs."""
    broker = await aio_pika.connect(scene.broker_url)
    connections: list[aiomysql.Connection] = []
    async with broker, aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as http:
        channel = await broker.channel(publisher_confirms=True, on_return_raises=True)
        exchanges = {
            name: await channel.get_exchange(f"{scene.prefix}{name}", ensure=False) for name in ("commerce.events",)
        }
        replaying = Replay(http, lambda name: exchanges[name.removeprefix(scene.prefix)])
        for _ in range(hands):
            store = await connect(scene.store_url)
            magento = await connect(scene.magento_url, client_flag=_FOUND_ROWS)
            connections += [store, magento]
            replaying.lend(Hand(await store.cursor(), await magento.cursor()))
        try:
            yield replaying
        finally:
            for connection in connections:
                connection.close()


@dataclass(frozen=True, slots=True)
class Queue:
    """What is consumed.

    Attributes:
        prefetch: messages in hand at once.
        on_taken: told each that comes in.
        on_done: told each that is done with.
    """

    scene: Scene
    name: str
    prefetch: int
    on_taken: Callable[[], None]
    on_done: Callable[[], None]

    @property
    def full_name(self) -> str:
        return Names(self.scene.prefix).work(self.name)


@asynccontextmanager
async def bare_consumer(queue: Queue, replaying: Replay) -> AsyncIterator[None]:
    """The floor: aio-pika, and the script."""
    connection = await aio_pika.connect(queue.scene.broker_url)
    async with connection:
        channel = await connection.channel(publisher_confirms=False)
        await channel.set_qos(prefetch_count=queue.prefetch)
        source = await channel.get_queue(queue.full_name, ensure=False)

        async def take(message: AbstractIncomingMessage) -> None:
            queue.on_taken()
            await replaying.say(order_in(message.body))
            await message.ack()
            queue.on_done()

        tag = await source.consume(take)
        yield
        await source.cancel(tag)


@asynccontextmanager
async def faststream_consumer(queue: Queue, replaying: Replay) -> AsyncIterator[None]:
    """The same as a FastStream handler, which reads the message into the contract's model as it would in a service."""
    broker = RabbitBroker(queue.scene.broker_url, default_channel=Channel(prefetch_count=queue.prefetch), logger=None)

    @broker.subscriber(RabbitQueue(queue.full_name, declare=False))
    async def handler(event: CloudEvent[StripeEventV1]) -> None:
        queue.on_taken()
        await replaying.say(int(event.data.data.object.metadata["magento_order_id"]))
        queue.on_done()

    async with broker:
        await broker.start()
        yield


def order_in(body: bytes) -> int:
    """The order's number, by the cheapest parser there is."""
    data = orjson.loads(body)["data"]
    return int(data["order_id"] if "order_id" in data else data["data"]["object"]["metadata"]["magento_order_id"])
