"""Where messages are that are not done yet."""

from collections.abc import Collection
from typing import Protocol


class Whereabouts(Protocol):
    """Looks into queues without taking anything out. Every method raises `TransientError` when the broker is away."""

    async def on_the_ladder(self) -> frozenset[tuple[str, str]]:
        """What waits for another attempt: the work queue and the message's id."""
        ...

    async def parked(self, queue: str) -> frozenset[str]:
        """Ids of the messages in the dead-letter queue of a work queue."""
        ...

    async def line_up(self, queue: str, barriers: Collection[tuple[str, bytes]]) -> None:
        """Put messages, by id and body, at the end of each queue that the consumer reads, one into each.

        When a consumer has done one of them, every message that was before it in its queue has been in its hands.
        """
        ...

    @property
    def lanes(self) -> int:
        """How many queues a consumer reads, and so how many barriers there have to be."""
        ...
