"""Dead-letter queues on RabbitMQ."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import datetime

from aio_pika.abc import AbstractIncomingMessage

from sidecar.adapters.broker_amqp.declare import depth
from sidecar.adapters.broker_amqp.publisher import AmqpPublisher
from sidecar.adapters.broker_amqp.reading import PAGE, Held, reading
from sidecar.dead_letters.letter import DeadLetter, Header
from sidecar.ports.dead_letters import Pages
from sidecar.topology import Names

DEFAULT_EXCHANGE = ""
"""Leads to every queue by its name."""


class AmqpHeldLetter:
    """`sidecar.ports.dead_letters.HeldLetter`."""

    def __init__(self, letter: DeadLetter, held: Held) -> None:
        self.letter = letter
        self._held = held

    async def take_out(self) -> None:
        """Acknowledge it."""
        await self._held.take_out()


class AmqpDeadLetters:
    """`sidecar.ports.dead_letters.DeadLetterQueues`.

    Looking at a letter counts as a delivery that failed: the queues are declared so that this never matters
    (`sidecar.topology.NO_DELIVERY_LIMIT`).
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
        name, doing = self._names.dead_letter(queue), f"reading the dead letters of {queue}"
        async with reading(self._url, name, doing, self._page) as pages:
            yield _letters(queue, pages)

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


async def _letters(queue: str, pages: AsyncIterator[list[Held]]) -> Pages:
    async for page in pages:
        yield [AmqpHeldLetter(_letter(queue, held.message), held) for held in page]


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
