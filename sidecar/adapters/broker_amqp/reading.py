"""Reading a queue without taking anything out of it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aio_pika
from aio_pika.abc import AbstractChannel, AbstractIncomingMessage, AbstractQueue

from sidecar.adapters.broker_amqp.failures import translated

PAGE = 500
"""Messages in memory at once."""
SILENCE = 2.0
"""Seconds without a message after which a queue that should hold more counts as read: somebody else has the rest."""


class Held:
    """A message that is held while its queue is read; it stays in the queue unless it is taken out."""

    def __init__(self, message: AbstractIncomingMessage, lying: set[int]) -> None:
        self.message = message
        self._lying = lying

    async def take_out(self) -> None:
        """Acknowledge it.

        Raises:
            TransientError: the broker is away; the message stays.
        """
        with translated("taking a message out"):
            await self.message.ack()
        self._lying.discard(self.message.delivery_tag or 0)


@asynccontextmanager
async def reading(url: str, queue: str, doing: str, page: int = PAGE) -> AsyncIterator[AsyncIterator[list[Held]]]:
    """The messages of a queue by its full name, oldest first, some at a time; what is left is given back in its order.

    When this process dies instead, the broker puts them back by itself, in any order. Each time counts as a delivery
    that failed.

    Args:
        url: the broker.
        queue: which.
        doing: what for, in the words of an error.
        page: messages in memory at once.

    Raises:
        TransientError: the broker is away, or has no such queue.
    """
    with translated(doing):
        connection = await aio_pika.connect(url, timeout=5)
    read: list[set[int]] = []
    try:
        with translated(doing):
            channel = await connection.channel(publisher_confirms=False)
        yield _pages(queue, channel, read, doing, page)
        with translated(doing):
            await _give_back(channel, read)
    finally:
        with translated(doing):
            await connection.close()


async def _pages(
    queue: str, channel: AbstractChannel, read: list[set[int]], doing: str, page: int
) -> AsyncIterator[list[Held]]:
    """The pages; `read` gets the numbers of those deliveries of each page that nobody took out."""
    with translated(doing):
        source = await channel.declare_queue(queue, passive=True)
    left = source.declaration_result.message_count or 0
    while left > 0:
        with translated(doing):
            messages = await _take(source, channel, min(left, page))
        if not messages:
            return
        left -= len(messages)
        lying = {message.delivery_tag or 0 for message in messages}
        read.append(lying)
        yield [Held(message, lying) for message in messages]


async def _give_back(channel: AbstractChannel, read: list[set[int]]) -> None:
    """Give back what lies there, page by page. All at once, the pages would come back in any order."""
    underlay = await channel.get_underlay_channel()
    for lying in read:
        if lying:
            await underlay.basic_nack(max(lying), multiple=True, requeue=True)


async def _take(source: AbstractQueue, channel: AbstractChannel, count: int) -> list[AbstractIncomingMessage]:
    """The next messages. Each page has a consumer of its own, which gets so many and no more."""
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
