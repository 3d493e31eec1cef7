"""Publishes with confirms, and notices when no queue is bound."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import timedelta

import aio_pika
from aio_pika.abc import AbstractChannel, AbstractConnection, DeliveryMode, HeadersType
from aio_pika.exceptions import AMQPError
from aiormq import spec
from aiormq.exceptions import ChannelInvalidStateError

from schemas.catalog import Exchange
from schemas.envelope import CONTENT_TYPE
from sidecar.adapters.broker_amqp.failures import translated
from sidecar.observability.tracing import span
from sidecar.topology import Names


class AmqpPublisher:
    """`sidecar.ports.publisher.Publisher` on one channel; any number of publishes may be under way on it at once.

    The connection is made when it is needed, and made again after it was lost.
    """

    def __init__(self, url: str, names: Names, timeout: timedelta = timedelta(seconds=5)) -> None:
        self._url = url
        self._names = names
        self._timeout = timeout.total_seconds()
        self._connecting = asyncio.Lock()
        self._connection: AbstractConnection | None = None
        self._channel: AbstractChannel | None = None
        self._under_way: dict[str, asyncio.Event] = {}

    @property
    def is_connected(self) -> bool:
        """Whether a channel is open now."""
        return self._channel is not None and not self._channel.is_closed

    async def connect(self) -> None:
        """Connect before the first message.

        Raises:
            TransientError: the broker is away.
        """
        with translated("connecting"):
            async with asyncio.timeout(self._timeout):
                await self._open_channel()

    async def publish(
        self,
        exchange: Exchange,
        routing_key: str,
        body: bytes,
        *,
        message_id: str,
        message_type: str,
        traceparent: str | None = None,
    ) -> None:
        """See `sidecar.ports.publisher.Publisher.publish`."""
        headers: HeadersType = {"traceparent": traceparent} if traceparent else {}
        with span(f"publish {exchange}", "producer", messaging__system="rabbitmq", messaging__message__id=message_id):
            await self.publish_raw(
                self._names.exchange(exchange),
                routing_key,
                body,
                message_id=message_id,
                message_type=message_type,
                headers=headers,
            )

    async def publish_raw(
        self,
        exchange: str,
        routing_key: str,
        body: bytes,
        *,
        message_id: str | None,
        message_type: str | None,
        headers: HeadersType,
        expiration: timedelta | None = None,
    ) -> None:
        """Publish to an exchange by its full name, and return when a queue has it.

        Raises:
            TransientError: the broker is away, refused it, or no queue is bound.
        """
        properties = spec.Basic.Properties(
            content_type=CONTENT_TYPE,
            delivery_mode=DeliveryMode.PERSISTENT,
            message_id=message_id,
            message_type=message_type,
            headers=headers,
            expiration=None if expiration is None else str(int(expiration.total_seconds() * 1000)),
        )
        with translated(f"publishing to {exchange}"):
            async with asyncio.timeout(self._timeout):
                if message_id is None:
                    await self._confirmed(exchange, routing_key, body, properties)
                    return
                # The client knows a message that the broker returns by its id alone: of two with the same one, it
                # would take a returned one for confirmed. So only one with this id may be under way.
                while (other := self._under_way.get(message_id)) is not None:
                    await other.wait()
                settled = self._under_way[message_id] = asyncio.Event()
                try:
                    await self._confirmed(exchange, routing_key, body, properties)
                finally:
                    del self._under_way[message_id]
                    settled.set()

    async def close(self) -> None:
        """Close the connection."""
        if self._connection is not None:
            await self._connection.close()
            self._connection = self._channel = None

    async def _confirmed(self, exchange: str, routing_key: str, body: bytes, properties: spec.Basic.Properties) -> None:
        channel = self._channel
        if channel is None or channel.is_closed:
            channel = await self._open_channel()
        # The client below aio-pika, whose own message and exchange take as long as the check of a signature.
        client = await channel.get_underlay_channel()
        await client.basic_publish(
            body, exchange=exchange, routing_key=routing_key, properties=properties, mandatory=True
        )

    async def _open_channel(self) -> AbstractChannel:
        async with self._connecting:
            if self._channel is not None and not self._channel.is_closed:
                return self._channel
            # Always a new one: aio-pika takes a connection that was lost for open until it is told to close it.
            lost, self._connection, self._channel = self._connection, None, None
            if lost is not None:
                with suppress(AMQPError, ChannelInvalidStateError, OSError, RuntimeError):
                    await lost.close()
            self._connection = await aio_pika.connect(self._url, timeout=self._timeout)
            self._channel = await self._connection.channel(publisher_confirms=True, on_return_raises=True)
            return self._channel


@asynccontextmanager
async def open_publisher(
    url: str, names: Names, patience: timedelta = timedelta(seconds=5)
) -> AsyncIterator[AmqpPublisher]:
    """A publisher that is closed after the block. The broker need not be there yet."""
    publisher = AmqpPublisher(url, names, patience)
    try:
        yield publisher
    finally:
        await publisher.close()
