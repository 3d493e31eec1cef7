"""Reading dead-letter queues without losing anything, and putting letters back to work."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import datetime

import aio_pika
from aio_pika.abc import AbstractChannel, AbstractIncomingMessage, AbstractQueue

from sidecar.adapters.broker_amqp.declare import depth
from sidecar.adapters.broker_amqp.failures import translated
from sidecar.adapters.broker_amqp.publisher import AmqpPublisher
from sidecar.dead_letters.letter import DeadLetter, Header
from sidecar.ports.dead_letters import Pages
from sidecar.topology import Names

PAGE = 500
"""Letters in memory at once."""
DEFAULT_EXCHANGE = ""
"""Leads to every queue by its name."""
SILENCE = 2.0
"""Seconds without a letter after which a queue that should hold more counts as read: somebody else has the rest."""


class AmqpHeldLetter:
    """`sidecar.ports.dead_letters.HeldLetter`: a delivery that is not acknowledged."""

    def __init__(self, letter: DeadLetter, message: AbstractIncomingMessage, lying: set[int]) -> None:
        self.letter = letter
        self._message = message
        self._lying = lying

    async def take_out(self) -> None:
        """Acknowledge it."""
        with translated("taking a dead letter out"):
            await self._message.ack()
        self._lying.discard(self._message.delivery_tag or 0)


class AmqpDeadLetters:
    """`sidecar.ports.dead_letters.DeadLetterQueues`.

    A queue is read by consuming it without acknowledging anything, and what is left is given back page by page, which
    keeps its order; when this process dies, the broker puts it back by itself, in any order. Each time counts as a
    delivery that failed: the queues are declared so that this never matters (`sidecar.topology.NO_DELIVERY_LIMIT`).
    """

    def __init__(self, url: str, names: Names, publisher: AmqpPublisher, *, page: int = PAGE) -> None:
        self._url = url
        self._names = names
        self._publisher = publisher
        self._page = page

    def reading(self, queue: str) -> AbstractAsyncContextManager[Pages]:
        """See the port."""
        return self._reading(queue)

    @asynccontextmanager
    async def _reading(self, queue: str) -> AsyncIterator[Pages]:
        doing = f"reading the dead letters of {queue}"
        with translated(doing):
            connection = await aio_pika.connect(self._url, timeout=5)
        read: list[set[int]] = []
        try:
            with translated(doing):
                channel = await connection.channel(publisher_confirms=False)
            yield self._pages(queue, channel, read, doing)
            with translated(doing):
                await _give_back(channel, read)
        finally:
            with translated(doing):
                await connection.close()

    async def count(self, queue: str) -> int:
        """See the port."""
        return await depth(self._url, self._names.dead_letter(queue))

    async def put_back_to_work(self, letter: DeadLetter) -> None:
        """By the default exchange, so that no other queue gets it a second time."""
        await self._publish(DEFAULT_EXCHANGE, letter)

    async def put_in(self, letter: DeadLetter) -> None:
        """By the dead-letter exchange, as a consumer does."""
        await self._publish(self._names.dead_letter_exchange(), letter)

    async def _publish(self, exchange: str, letter: DeadLetter) -> None:
        await self._publisher.publish_raw(
            exchange,
            self._names.work(letter.queue),
            letter.body,
            message_id=letter.message_id,
            message_type=letter.message_type,
            headers=dict(letter.headers),
        )

    async def _pages(self, queue: str, channel: AbstractChannel, read: list[set[int]], doing: str) -> Pages:
        """The pages; `read` gets the numbers of those deliveries of each page that nobody took out."""
        with translated(doing):
            source = await channel.declare_queue(self._names.dead_letter(queue), passive=True)
        left = source.declaration_result.message_count or 0
        while left > 0:
            with translated(doing):
                messages = await _take(source, channel, min(left, self._page))
            if not messages:
                return
            left -= len(messages)
            lying = {message.delivery_tag or 0 for message in messages}
            read.append(lying)
            yield [AmqpHeldLetter(_letter(queue, message), message, lying) for message in messages]


async def _give_back(channel: AbstractChannel, read: list[set[int]]) -> None:
    """Give back what lies there, page by page. All at once, the pages would come back in any order."""
    underlay = await channel.get_underlay_channel()
    for lying in read:
        if lying:
            await underlay.basic_nack(max(lying), multiple=True, requeue=True)


async def _take(source: AbstractQueue, channel: AbstractChannel, count: int) -> list[AbstractIncomingMessage]:
    """The next letters. Each page has a consumer of its own, which gets so many and no more."""
    taken: asyncio.Queue[AbstractIncomingMessage] = asyncio.Queue()
    await channel.set_qos(prefetch_count=count)
    tag = await source.consume(taken.put)
    messages: list[AbstractIncomingMessage] = []
    try:
        while len(messages) < count:
            async with asyncio.timeout(SILENCE):
                messages.append(await taken.get())
    except TimeoutError:
        pass
    await source.cancel(tag)
    return messages


def _letter(queue: str, message: AbstractIncomingMessage) -> DeadLetter:
    return DeadLetter.of(
        queue,
        message.body,
        message_id=message.message_id,
        message_type=message.type,
        headers={name: _header(value) for name, value in message.headers.items()},
    )


def _header(value: object) -> Header:
    """A header's value in one of the forms that are written and shown."""
    if isinstance(value, bytes | bytearray):
        return bytes(value).decode(errors="replace")
    if value is None or isinstance(value, str | int | float | datetime | list | dict):
        return value
    return str(value)
