"""The dead-letter queues of the broker."""

from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Protocol

from sidecar.dead_letters.letter import DeadLetter


class HeldLetter(Protocol):
    """A dead letter that is held while its queue is read; it stays in the queue unless it is taken out."""

    @property
    def letter(self) -> DeadLetter:
        """What it is."""
        ...

    async def take_out(self) -> None:
        """It is dealt with: the queue forgets it.

        Raises:
            TransientError: the broker is away; the letter stays.
        """
        ...


Pages = AsyncIterator[Sequence[HeldLetter]]
"""The letters, some at a time, so that memory is bounded however many there are."""


class DeadLetterQueues(Protocol):
    """One dead-letter queue for each work queue, by the work queue's name."""

    def reading(self, queue: str) -> AbstractAsyncContextManager[Pages]:
        """Hold the queue's letters, oldest first, for as long as the block runs; what was not taken out goes back.

        Nobody else sees them meanwhile. Letters that come while it is read may or may not be among them.

        Raises:
            TransientError: the broker is away, or has no such queue.
        """
        ...

    async def count(self, queue: str) -> int:
        """How many letters lie there, without those that somebody holds.

        Raises:
            TransientError: the broker is away, or has no such queue.
        """
        ...

    async def put_back_to_work(self, letter: DeadLetter) -> None:
        """Publish it to its work queue, with its headers, and return when that has it; what lies here stays.

        Raises:
            TransientError: the broker is away, or has no such queue.
        """
        ...

    async def put_in(self, letter: DeadLetter) -> None:
        """Publish a letter to the dead-letter queue itself, with its headers, and return when that has it.

        Raises:
            TransientError: the broker is away, or has no such queue.
        """
        ...
