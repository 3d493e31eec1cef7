"""Wait for one's turn."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta

from sidecar.limiter.limits import Limits
from sidecar.limiter.priority import Priority
from sidecar.limiter.schedule import Schedule, Ticket

WaitHook = Callable[[str, float], None]
"""Told the endpoint and the seconds that a call waited, for a metric."""


class Limiter:
    """`Schedule` on the running event loop. One for each account and process; not for use by several threads."""

    def __init__(
        self,
        limits: Limits,
        on_wait: WaitHook | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._monotonic = monotonic
        self._schedule = Schedule(limits)
        self._on_wait = on_wait
        self._turns: dict[Ticket, asyncio.Future[None]] = {}
        self._next: asyncio.Handle | None = None
        self._soon = False

    @asynccontextmanager
    async def turn(self, endpoint: str, priority: Priority = Priority.INTERACTIVE) -> AsyncIterator[None]:
        """Wait until the endpoint may be called, and hold a place among the calls under way."""
        loop = asyncio.get_running_loop()
        asked = self._monotonic()
        ticket = self._schedule.offer(endpoint, priority)
        turn = self._turns[ticket] = loop.create_future()
        try:
            self._admit_soon()
            await turn
            now = self._monotonic()
            self._schedule.left(ticket, now)
            if self._on_wait is not None:
                self._on_wait(endpoint, now - asked)
            yield
        finally:
            self._turns.pop(ticket, None)
            self._schedule.hand_back(ticket)
            self._admit_soon()

    def throttled(self, endpoint: str, reason: str | None, retry_after: timedelta | None = None) -> None:
        """The upstream refused a call for being too many: see `Schedule.throttled`."""
        self._schedule.throttled(endpoint, reason, retry_after, self._monotonic())

    def share(self, sharers: int) -> None:
        """So many processes call this account."""
        self._schedule.share(sharers)

    def rate(self, endpoint: str | None = None) -> float:
        """Calls a second that this process lets through now, in all or to one endpoint."""
        return self._schedule.rate(self._monotonic(), endpoint)

    def _admit_soon(self) -> None:
        """Admit when the event loop has done what is in hand.

        A loop that is busy queueing a thousand calls would otherwise admit some all the while, and let them leave
        together once it is done: the burst that the pace is there to prevent.
        """
        if self._soon:
            return
        if self._next is not None:
            self._next.cancel()
        self._next = asyncio.get_running_loop().call_soon(self._admit)
        self._soon = True

    def _admit(self) -> None:
        self._next, self._soon = None, False
        now = self._monotonic()
        for ticket in self._schedule.admit(now):
            turn = self._turns.pop(ticket)
            if not turn.done():
                turn.set_result(None)
        wake_at = self._schedule.wake_at(now)
        if wake_at is not None:
            self._next = asyncio.get_running_loop().call_later(max(0.0, wake_at - now), self._admit)
