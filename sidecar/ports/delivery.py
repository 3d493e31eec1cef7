"""One message from a work queue, and the four ways to settle it."""

from collections.abc import Callable, Coroutine
from datetime import datetime
from typing import Any, Literal, Protocol

from schemas.ids import Subject
from sidecar.retry import Wait


class Delivery(Protocol):
    """A message in hand. Exactly one of the four ends it; each raises `TransientError` when the broker is away.

    A message whose settlement failed is still in hand, unless it `is_gone`.
    """

    @property
    def queue(self) -> str:
        """The work queue, without the prefix."""
        ...

    @property
    def body(self) -> bytes:
        """The envelope, as it was published."""
        ...

    @property
    def attempt(self) -> int:
        """Which attempt this is, from 1."""
        ...

    @property
    def waits(self) -> int:
        """How often in a row it has waited without using up an attempt."""
        ...

    @property
    def first_seen(self) -> datetime | None:
        """When a consumer first had it in hand; None on the first attempt."""
        ...

    @property
    def is_gone(self) -> bool:
        """Whether the link that it came by is lost: then it is nobody's, and comes again by itself."""
        ...

    async def acknowledge(self) -> None:
        """It is done with."""
        ...

    async def retry(self, wait: Wait, reason: str, detail: str, *, counted: bool) -> None:
        """Put it on the ladder, and acknowledge it once the ladder has it."""
        ...

    async def park(self, reason: str, detail: str, subject: Subject | None = None) -> None:
        """Put it into the dead-letter queue, and acknowledge it once that has it.

        Args:
            reason: a short constant.
            detail: for a person; never a secret.
            subject: the order or customer that it is about, where that is known.
        """
        ...

    async def requeue(self) -> None:
        """Give it back as it is."""
        ...


Lane = Literal["main", "surplus"]
"""Which of a consumer's two queues: the one that everything is published to, or the one where the surplus of a busy
store waits out of the others' way."""


class QueuedDelivery(Delivery, Protocol):
    """A message in hand that may still be put somewhere else before it is handled."""

    @property
    def lane(self) -> Lane:
        """The queue that it came by."""
        ...

    async def set_aside(self) -> None:
        """Put it into the surplus queue as it is, and acknowledge it once that has it: one more way to end it."""
        ...


Receive = Callable[[QueuedDelivery], Coroutine[Any, Any, None]]
"""Handles one delivery and settles it."""
