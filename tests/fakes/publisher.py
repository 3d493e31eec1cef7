"""A broker in memory: keeps what was published, and fails on request."""

import asyncio
from dataclasses import dataclass, field

from schemas.catalog import Exchange
from sidecar.errors import TransientError


@dataclass(frozen=True, slots=True)
class Published:
    """One message."""

    exchange: Exchange
    routing_key: str
    body: bytes
    message_id: str
    message_type: str


@dataclass(slots=True)
class MemoryPublisher:
    """`sidecar.ports.publisher.Publisher`.

    Attributes:
        failures: how many publishes fail next.
        confirm: what a publish waits for before it returns.
    """

    messages: list[Published] = field(default_factory=list)
    failures: int = 0
    confirm: asyncio.Event | None = None

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
        del traceparent
        if self.failures:
            self.failures -= 1
            raise TransientError("broker", "unreachable", "the broker is away")
        if self.confirm is not None:
            await self.confirm.wait()
        self.messages.append(Published(exchange, routing_key, body, message_id, message_type))
