"""The broker, as far as effects and the bridge publish to it."""

from typing import Protocol

from schemas.catalog import Exchange


class Publisher(Protocol):
    """Publishes with confirms and `mandatory`."""

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
        """Return when the broker has confirmed that a queue holds the message (persistent, CloudEvents JSON).

        Raises:
            TransientError: the broker is away, refused it, or no queue is bound; nothing was promised to anyone.
        """
        ...
