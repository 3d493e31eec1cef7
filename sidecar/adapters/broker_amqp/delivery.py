"""A message from RabbitMQ and its settlement."""

from datetime import datetime, timedelta

from aio_pika.abc import AbstractIncomingMessage, HeadersType
from aiormq.exceptions import ChannelInvalidStateError

from schemas.ids import Subject
from sidecar.adapters.broker_amqp.failures import translated
from sidecar.adapters.broker_amqp.publisher import AmqpPublisher
from sidecar.message_headers import (
    ATTEMPT,
    DETAIL,
    EXCHANGE,
    FIRST_SEEN,
    KEPT,
    PARKED_AT,
    QUEUE,
    REASON,
    ROUTING_KEY,
    SUBJECT,
    WAITS,
)
from sidecar.ports.clock import Clock
from sidecar.ports.delivery import Lane
from sidecar.retry import Wait
from sidecar.topology import Names


class AmqpDelivery:
    """`sidecar.ports.delivery.Delivery`. Moving a message means: publish, wait for the confirm, then acknowledge."""

    def __init__(
        self,
        message: AbstractIncomingMessage,
        queue: str,
        names: Names,
        publisher: AmqpPublisher,
        clock: Clock,
        *,
        lane: Lane = "main",
    ) -> None:
        self._message = message
        self._names = names
        self._publisher = publisher
        self._clock = clock
        self.queue = queue
        self.lane: Lane = lane

    @property
    def body(self) -> bytes:
        """The envelope."""
        return self._message.body

    @property
    def attempt(self) -> int:
        """From 1; a header that was tampered with counts as none."""
        return self._count(ATTEMPT) + 1

    @property
    def waits(self) -> int:
        """From 0; likewise."""
        return self._count(WAITS)

    @property
    def first_seen(self) -> datetime | None:
        """When a consumer first had it in hand."""
        try:
            seen = datetime.fromisoformat(str(self._message.headers[FIRST_SEEN]))
        except (KeyError, ValueError):
            return None
        return seen if seen.tzinfo else None

    @property
    def is_gone(self) -> bool:
        """Whether its channel is closed."""
        try:
            return self._message.channel.is_closed
        except ChannelInvalidStateError:
            return True

    async def acknowledge(self) -> None:
        """It is done with."""
        with translated("acknowledging"):
            await self._message.ack()

    async def requeue(self) -> None:
        """Give it back as it is."""
        with translated("requeueing"):
            await self._message.reject(requeue=True)

    async def retry(self, wait: Wait, reason: str, detail: str, *, counted: bool) -> None:
        """Onto the ladder, under the work queue's name, which brings it back."""
        attempts = self.attempt if counted else self.attempt - 1
        await self._move(
            self._names.retry(wait.rung),
            self._headers(attempts, reason, detail) | {WAITS: 0 if counted else self.waits + 1},
            expiration=wait.wait if wait.wait < wait.rung.wait else None,
        )

    async def park(self, reason: str, detail: str, subject: Subject | None = None) -> None:
        """Into the dead-letter queue."""
        about: HeadersType = {SUBJECT: str(subject)} if subject is not None else {}
        parked: HeadersType = {PARKED_AT: self._clock.now().isoformat()}
        headers = self._headers(self.attempt, reason, detail) | parked | about
        await self._move(self._names.dead_letter_exchange(), headers)

    async def set_aside(self) -> None:
        """Into the surplus queue, with all its headers."""
        await self._publish(self._names.surplus_exchange(), self._kept())
        await self.acknowledge()

    async def _move(self, exchange: str, headers: HeadersType, expiration: timedelta | None = None) -> None:
        await self._publish(exchange, headers, expiration)
        await self.acknowledge()

    async def _publish(self, exchange: str, headers: HeadersType, expiration: timedelta | None = None) -> None:
        await self._publisher.publish_raw(
            exchange,
            self._names.work(self.queue),
            self.body,
            message_id=self._message.message_id,
            message_type=self._message.type,
            headers=headers,
            expiration=expiration,
        )

    def _count(self, header: str) -> int:
        value = self._message.headers.get(header)
        return value if isinstance(value, int) and value >= 0 else 0

    def _kept(self) -> HeadersType:
        known = self._message.headers
        headers: HeadersType = {name: known[name] for name in KEPT if name in known}
        headers.setdefault(EXCHANGE, self._message.exchange or "")
        headers.setdefault(ROUTING_KEY, self._message.routing_key or "")
        return headers

    def _headers(self, attempts: int, reason: str, detail: str) -> HeadersType:
        headers = self._kept()
        headers.setdefault(FIRST_SEEN, self._clock.now().isoformat())
        return headers | {ATTEMPT: attempts, REASON: reason, DETAIL: detail[:1000], QUEUE: self.queue}
