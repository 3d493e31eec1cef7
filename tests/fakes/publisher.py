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
    traceparent: str | None = None


@dataclass(slots=True)
class MemoryPublisher:
    """`sidecar.ports.publisher.Publisher`.

    Attributes:
        failures: how many publishes fail next.
        capacity: how many messages it takes in all before every publish fails; None: any number.
        bug: what every publish raises, instead of what the port promises.
        confirm: what a publish waits for before it returns.
        asked: set once somebody has begun to publish.
    """

    messages: list[Published] = field(default_factory=list)
    failures: int = 0
    capacity: int | None = None
    bug: Exception | None = None
    confirm: asyncio.Event | None = None
    asked: asyncio.Event = field(default_factory=asyncio.Event)

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
        self.asked.set()
        if self.bug is not None:
            raise self.bug
        if self.failures or len(self.messages) == self.capacity:
            self.failures = max(0, self.failures - 1)
            raise TransientError("broker", "unreachable", "the broker is away")
        if self.confirm is not None:
            await self.confirm.wait()
        self.messages.append(Published(exchange, routing_key, body, message_id, message_type, traceparent))
