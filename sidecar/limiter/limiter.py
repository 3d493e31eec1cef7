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

    def __init__(self, limits: Limits, on_wait: WaitHook | None = None) -> None:
        self._schedule = Schedule(limits)
        self._on_wait = on_wait
        self._turns: dict[Ticket, asyncio.Future[None]] = {}
        self._timer: asyncio.TimerHandle | None = None

    @asynccontextmanager
    async def turn(self, endpoint: str, priority: Priority = Priority.INTERACTIVE) -> AsyncIterator[None]:
        """Wait until the endpoint may be called, and hold a place among the calls under way."""
        loop = asyncio.get_running_loop()
        asked = time.monotonic()
        ticket = self._schedule.offer(endpoint, priority)
        turn = self._turns[ticket] = loop.create_future()
        try:
            self._admit()
            await turn
            if self._on_wait is not None:
                self._on_wait(endpoint, time.monotonic() - asked)
            yield
        finally:
            self._turns.pop(ticket, None)
            self._schedule.hand_back(ticket)
            self._admit()

    def throttled(self, endpoint: str, reason: str | None, retry_after: timedelta | None = None) -> None:
        """The upstream refused a call for being too many: see `Schedule.throttled`."""
        self._schedule.throttled(endpoint, reason, retry_after, time.monotonic())

    def share(self, sharers: int) -> None:
        """So many processes call this account."""
        self._schedule.share(sharers)

    def rate(self, endpoint: str | None = None) -> float:
        """Calls a second that this process lets through now, in all or to one endpoint."""
        return self._schedule.rate(time.monotonic(), endpoint)

    def _admit(self) -> None:
        now = time.monotonic()
        for ticket in self._schedule.admit(now):
            turn = self._turns.pop(ticket)
            if not turn.done():
                turn.set_result(None)
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        wake_at = self._schedule.wake_at(now)
        if wake_at is not None:
            self._timer = asyncio.get_running_loop().call_later(max(0.0, wake_at - now), self._admit)
