"""Where messages are, on RabbitMQ."""

from collections.abc import Collection

from schemas.stripe.event_v1 import StripeEventV1
from sidecar.adapters.broker_amqp.publisher import AmqpPublisher
from sidecar.adapters.broker_amqp.reading import reading
from sidecar.message_headers import QUEUE
from sidecar.retry import LADDER
from sidecar.topology import Names


class AmqpWhereabouts:
    """`sidecar.ports.whereabouts.Whereabouts`.

    The ladder is read as dead letters are: what is held meanwhile waits a moment longer. That it counts as a delivery
    does no harm: whatever makes a message leave a rung sends it home.
    """

    lanes = 2

    def __init__(self, url: str, names: Names, publisher: AmqpPublisher) -> None:
        self._url = url
        self._names = names
        self._publisher = publisher

    async def on_the_ladder(self) -> frozenset[tuple[str, str]]:
        """All rungs, one after the other, from the longest: what comes home meanwhile is found in the queue."""
        found = set[tuple[str, str]]()
        for rung in reversed(LADDER):
            async with reading(self._url, self._names.retry(rung), "looking at the ladder") as pages:
                async for page in pages:
                    found |= {
                        (str(held.message.headers.get(QUEUE, "")), held.message.message_id or "") for held in page
                    }
        return frozenset(found)

    async def parked(self, queue: str) -> frozenset[str]:
        """The dead-letter queue, whole."""
        found = set[str]()
        async with reading(self._url, self._names.dead_letter(queue), f"looking at dead letters of {queue}") as pages:
            async for page in pages:
                found |= {held.message.message_id or "" for held in page}
        return frozenset(found)

    async def line_up(self, queue: str, barriers: Collection[tuple[str, bytes]]) -> None:
        """One by the default exchange into the work queue, one by the surplus exchange."""
        for exchange, (identifier, body) in zip(("", self._names.surplus_exchange()), barriers, strict=True):
            await self._publisher.publish_raw(
                exchange,
                self._names.work(queue),
                body,
                message_id=identifier,
                message_type=StripeEventV1.TYPE,
                headers={},
            )
