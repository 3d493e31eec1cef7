"""Works on the deliveries of one consumer, each in its turn."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import timedelta

import structlog

from sidecar.errors import TransientError
from sidecar.intake.prefetch import Observed
from sidecar.intake.turns import Ticket, Turns
from sidecar.intake.whose import whose
from sidecar.ports.clock import Clock
from sidecar.ports.delivery import Delivery, QueuedDelivery

log = structlog.get_logger("sidecar.intake")


class Dispatcher:
    """Stands between a consumer's queues and its worker.

    Attributes:
        observed: what messages take lately.
        window: how many messages of the main queue may be in hand; the inlet says so.
        sets_aside: whether there is a surplus queue.
    """

    def __init__(
        self,
        handle: Callable[[Delivery], Awaitable[None]],
        places: int,
        clock: Clock,
        *,
        on_set_aside: Callable[[], None] = lambda: None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """`on_set_aside` is told each message that went into the surplus queue."""
        self.observed = Observed()
        self.window = places
        self.sets_aside = True
        self._handle = handle
        self._turns = Turns(places)
        self._clock = clock
        self._monotonic = monotonic
        self._on_set_aside = on_set_aside
        self._waiting: dict[Ticket, asyncio.Future[None]] = {}
        self._held: dict[Ticket, tuple[float, bytes]] = {}

    def held(self, longer_than: timedelta) -> list[bytes]:
        """The messages that have been in hand for longer, by their bodies."""
        before = self._monotonic() - longer_than.total_seconds()
        return [body for since, body in self._held.values() if since <= before]

    @property
    def waiting(self) -> int:
        """How many messages are in hand and wait for their turn."""
        return self._turns.in_hand - self._turns.at_work

    async def receive(self, delivery: QueuedDelivery) -> None:
        """Handle one delivery when its turn comes, or put it aside.

        Cancelled while it waits, it gives the message back.
        """
        store = whose(delivery.body)
        if self._belongs_aside(delivery, store) and await self._put_aside(delivery):
            return
        now = self._monotonic()
        ticket = self._turns.offer(store, delivery.lane, now - self._waited(delivery), now)
        self._held[ticket] = now, delivery.body
        try:
            await self._turn(ticket, delivery)
            started = self._monotonic()
            await self._handle(delivery)
            self.observed.note(self._monotonic() - started, len(delivery.body))
        finally:
            del self._held[ticket]
            self._turns.done(ticket)
            self._admit()

    async def _turn(self, ticket: Ticket, delivery: Delivery) -> None:
        turn = self._waiting[ticket] = asyncio.get_running_loop().create_future()
        try:
            self._admit()
            await turn
        except asyncio.CancelledError:
            with suppress(TransientError):  # then its link is lost, and it comes again by itself
                await asyncio.shield(delivery.requeue())
            raise
        finally:
            self._waiting.pop(ticket, None)

    def _admit(self) -> None:
        for ticket in self._turns.admit(self._monotonic()):
            turn = self._waiting[ticket]
            if not turn.done():
                turn.set_result(None)

    def _waited(self, delivery: Delivery) -> float:
        """Seconds since it was first in somebody's hand; clocks may disagree, so never less than none."""
        if delivery.first_seen is None:
            return 0.0
        return max(0.0, (self._clock.now() - delivery.first_seen).total_seconds())

    def _belongs_aside(self, delivery: QueuedDelivery, store: str) -> bool:
        """Only what comes for the first time: what has waited before keeps its place."""
        return (
            self.sets_aside
            and delivery.lane == "main"
            and delivery.first_seen is None
            and self._turns.crowds_out(store, self.window, self._monotonic())
        )

    async def _put_aside(self, delivery: QueuedDelivery) -> bool:
        try:
            await asyncio.shield(delivery.set_aside())
        except TransientError as error:
            # The broker is away, or has no such queue: then the message takes its turn like any other.
            log.warning("a message could not be set aside", detail=str(error))
            return False
        self._on_set_aside()
        return True
