"""Where a person works on dead letters: each act is written down, and the letter goes only when that is done."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Collection
from contextlib import AbstractAsyncContextManager, aclosing, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog

from sidecar.dead_letters.chosen import Chosen
from sidecar.dead_letters.history import edited, replayed
from sidecar.dead_letters.letter import DeadLetter
from sidecar.message_headers import REPLAYED_AT
from sidecar.ports.clock import Clock
from sidecar.ports.dead_letters import DeadLetterQueues, HeldLetter
from sidecar.ports.parked import Closing, Ending, ParkedMessage
from sidecar.ports.records import TimelineEntry
from sidecar.ports.store import Store

log = structlog.get_logger("sidecar.dead_letters")

SOURCE = "dlq"
HELD_FOR = timedelta(minutes=10)
"""A queue is held for this long at most, then given back and read again: RabbitMQ closes the channel of whoever does
not acknowledge for thirty minutes (rabbitmq.com/docs/consumers#acknowledgement-timeout)."""
IN_FLIGHT = timedelta(minutes=1)
"""A letter that was parked this shortly before the reading may have arrived after it."""

OnProgress = Callable[[DeadLetter], None]
Sleep = Callable[[float], Awaitable[None]]


class BusyError(Exception):
    """Somebody else is at the dead letters of this queue."""


@dataclass(frozen=True, slots=True)
class Signature:
    """Who acts, and why: it stands in the timeline."""

    by: str
    why: str


Deed = Callable[[HeldLetter], Awaitable[None]]


class Desk:
    """The dead letters of some queues."""

    def __init__(
        self,
        queues: DeadLetterQueues,
        store: Store,
        clock: Clock,
        *,
        sleep: Sleep = asyncio.sleep,
        held_for: timedelta = HELD_FOR,
    ) -> None:
        self._queues = queues
        self._store = store
        self._clock = clock
        self._sleep = sleep
        self._held_for = held_for

    async def look(self, queue: str, chosen: Chosen) -> AsyncGenerator[DeadLetter]:
        """The letters that are chosen, oldest first. All of the queue is read, which puts the store's record right.

        Raises:
            BusyError: somebody else has them in hand.
            TransientError: the broker or the store is away.
        """
        now = self._clock.now()
        lying: dict[str, ParkedMessage] = {}
        async with self._alone(queue), self._queues.reading(queue) as pages:
            async for page in pages:
                for held in page:
                    letter = held.letter
                    known = lying.get(letter.ref)
                    lying[letter.ref] = (
                        replace(known, copies=known.copies + 1) if known else parked_message(letter, now)
                    )
                    if chosen.fits(letter, now):
                        yield letter
            await self._store.parked.found(queue, list(lying.values()), since=now - IN_FLIGHT, now=now)

    async def count(self, queue: str) -> int:
        """How many letters lie there now."""
        return await self._queues.count(queue)

    async def replay(
        self, queue: str, refs: Collection[str], signature: Signature, rate: float, on_progress: OnProgress
    ) -> int:
        """Send letters back to their work queue, with the attempts set back; gives how many went.

        A letter is taken out only when the work queue has it and the act is written down. Whoever dies in between
        leaves it, and it is sent a second time, which the inbox and the ledger absorb.

        Args:
            queue: the work queue.
            refs: which letters; copies go with them.
            signature: who and why.
            rate: letters a second at most.
            on_progress: told each letter that went.

        Raises:
            BusyError: somebody else has them in hand.
            TransientError: the broker or the store is away; what went has gone, the rest lies there.
        """

        async def send(held: HeldLetter) -> None:
            now = self._clock.now()
            await self._queues.put_back_to_work(replayed(held.letter, signature.by, now))
            await self._end(held, "replayed", signature, now)

        return await self._each(queue, refs, send, rate, on_progress)

    async def discard(
        self, queue: str, refs: Collection[str], signature: Signature, rate: float, on_progress: OnProgress
    ) -> int:
        """Throw letters away, once that is written down; arguments, result and errors as for `replay`."""

        async def drop(held: HeldLetter) -> None:
            await self._end(held, "discarded", signature, self._clock.now())

        return await self._each(queue, refs, drop, rate, on_progress)

    async def edit(self, letter: DeadLetter, body: bytes, signature: Signature, *, replay: bool) -> DeadLetter | None:
        """Put another body in the letter's place; gives the new letter, or None when the old one was gone.

        Args:
            letter: the old one; of several copies each is replaced.
            body: the whole envelope. It must have been checked against the contract.
            signature: who and why.
            replay: send it back to work at once.

        Raises:
            BusyError: somebody else has them in hand.
            TransientError: the broker or the store is away; the old letter lies there.
        """
        now = self._clock.now()
        new = edited(letter, body, signature.by, now)

        async def exchange(held: HeldLetter) -> None:
            if replay:
                await self._queues.put_back_to_work(replayed(new, signature.by, now))
            else:
                await self._queues.put_in(new)
                await self._store.parked.record(parked_message(new, now))
            await self._end(held, "edited", signature, now)

        done = await self._each(letter.queue, [letter.ref], exchange, rate=1000, on_progress=lambda _: None)
        return new if done else None

    async def _each(self, queue: str, refs: Collection[str], deed: Deed, rate: float, on_progress: OnProgress) -> int:
        """Do it with each of the letters, once."""
        wanted, began, done = frozenset(refs), self._clock.now(), 0
        async with self._alone(queue):
            while True:
                until = self._clock.now() + self._held_for
                async with aclosing(self._held(queue, wanted, began)) as letters:
                    async for held in letters:
                        await deed(held)
                        done += 1
                        on_progress(held.letter)
                        await self._sleep(1 / rate)
                        if self._clock.now() >= until:
                            break
                    else:
                        return done

    async def _held(self, queue: str, wanted: frozenset[str], began: datetime) -> AsyncGenerator[HeldLetter]:
        """The letters of the queue that are wanted and were not dealt with before."""
        async with self._queues.reading(queue) as pages:
            async for page in pages:
                for held in page:
                    if held.letter.ref in wanted and not _went_before(held.letter, began):
                        yield held

    async def _end(self, held: HeldLetter, ending: Ending, signature: Signature, now: datetime) -> None:
        """Write the act down, then take the letter out."""
        letter = held.letter
        about, event = letter.subject, letter.event
        if about is None:  # No timeline will tell of it.
            log.info(
                "dead letter dealt with",
                ending=ending,
                queue=letter.queue,
                ref=letter.ref,
                event_id=event.id,
                by=signature.by,
                why=signature.why,
            )
        story = [
            TimelineEntry(
                subject=each,
                at=now,
                source=SOURCE,
                kind=f"message.{ending}",
                summary=f"A parked message was {ending} by {signature.by}: {signature.why}",
                detail={"queue": letter.queue, "event": event.id or "", "was": letter.reason},
            )
            for each in ([about] if about else [])
        ]
        closing = Closing(ending, signature.by, signature.why, now, story)
        await self._store.parked.close(parked_message(letter, now), closing)
        await held.take_out()

    @asynccontextmanager
    async def _alone(self, queue: str) -> AsyncIterator[None]:
        async with alone_at(self._store, queue) as alone:
            if not alone:
                raise BusyError(f"somebody else is at the dead letters of {queue}: try again in a moment")
            yield


def alone_at(store: Store, queue: str) -> AbstractAsyncContextManager[bool]:
    """Keep everybody else away from the dead letters of a queue; False when somebody else is at them."""
    return store.locks.exclusive(f"dead-letters:{queue}")


def _went_before(letter: DeadLetter, began: datetime) -> bool:
    """Whether this run has sent it back already, and it was parked again: once is enough."""
    replayed_at = letter.headers.get(REPLAYED_AT)
    return isinstance(replayed_at, str) and datetime.fromisoformat(replayed_at) >= began


def parked_message(letter: DeadLetter, now: datetime) -> ParkedMessage:
    """What the store's record says of the letter."""
    event = letter.event
    return ParkedMessage(
        queue=letter.queue,
        ref=letter.ref,
        event_id=event.id,
        source=event.source,
        type=event.type,
        reason=letter.reason,
        subject=letter.subject,
        parked_at=letter.parked_at or now,
    )
