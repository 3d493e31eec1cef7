"""What is known of dead letters without reading their queues: for metrics, for `sidecar status` and for who did what.

The queues are the truth. This record follows them: it is written when a message is parked or acted upon, and put right
whenever a queue is read whole.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from schemas.ids import Subject
from sidecar.ports.records import TimelineEntry

Ending = Literal["replayed", "discarded", "edited", "gone"]
"""How a dead letter left its queue. `gone`: it was not there when the queue was read, and nobody told us why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ParkedMessage:
    """A dead letter, without what is in it.

    Attributes:
        ref: what a person calls it: see `sidecar.dead_letters.letter`.
        event_id: the envelope's id, where it can be read.
        source: the envelope's source, likewise.
        type: the contract's name, likewise.
        reason: a short constant.
        subject: the order or customer that it is about, where that is known.
        copies: how many of the same message lie there.
    """

    queue: str
    ref: str
    event_id: str | None
    source: str | None
    type: str | None
    reason: str
    subject: Subject | None
    parked_at: datetime
    copies: int = 1


@dataclass(frozen=True, slots=True)
class ParkedSummary:
    """How many dead letters of a queue have the same reason, and when the first of them was parked."""

    queue: str
    reason: str
    count: int
    oldest: datetime


@dataclass(frozen=True, slots=True)
class Closing:
    """A dead letter is dealt with.

    Attributes:
        by: who did it.
        why: the reason that was given; no PII.
        timeline: what is told of it in the story of its order or customer.
    """

    ending: Ending
    by: str
    why: str
    at: datetime
    timeline: Sequence[TimelineEntry] = ()


class ParkedMessages(Protocol):
    """The record of dead letters. Copies that are counted wrongly, as by a repeated call, are put right by `found`."""

    async def record(self, message: ParkedMessage) -> None:
        """One more copy of the message lies there."""
        ...

    async def close(self, message: ParkedMessage, closing: Closing) -> None:
        """One copy less lies there; with its lines of the timeline, in one transaction."""
        ...

    async def found(self, queue: str, messages: Sequence[ParkedMessage], since: datetime, now: datetime) -> None:
        """The queue was read whole, and these lay there.

        Args:
            queue: which.
            messages: all that lay there, each ref once.
            since: what was parked after it is not judged, because it may have come while the queue was read; what was
                parked before and was not found is `gone`.
            now: when that is written down.
        """
        ...

    async def summaries(self) -> tuple[ParkedSummary, ...]:
        """What lies there, by queue and reason."""
        ...

    async def parked_events(self, queue: str, source: str, event_ids: Collection[str]) -> frozenset[str]:
        """Those of the events that lie there."""
        ...
