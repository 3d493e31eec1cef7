"""A number of calls at once that is found out by how long they take, and gives way when the upstream complains."""

import asyncio
import time
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta

from sidecar.errors import HeldBackError, Upstream
from sidecar.limiter.adaptive_limit import AdaptiveLimit
from sidecar.limiter.vegas import Vegas

NUDGE = 0.5
"""A first complaint halves the calls at once, as does each that follows before all are used again."""
RECOVERY = 60.0
"""Seconds in which all of them come back from none, a little at a time."""
SHORT = timedelta(seconds=1)
"""A hold that is waited out here; for a longer one the message gives its place to others, and waits on the ladder."""
LONGEST = timedelta(minutes=1)
"""However long a pause is asked for, after so long it is tried again: whoever asked may be back sooner."""


class Places:
    """At most so many calls of this process to one upstream at once.

    For an upstream that counts what is under way, not what comes in a second: Magento has a number of PHP workers. How
    many it can take nobody has to know: `Vegas` finds out before it complains. Once it complains, additive increase and
    multiplicative decrease, as TCP shares a line among those who know nothing of each other.
    """

    def __init__(
        self, upstream: Upstream, most: int, monotonic: Callable[[], float] = time.monotonic, *, first: int = 2
    ) -> None:
        """Never more than `most`, and `first` to begin with."""
        self._upstream: Upstream = upstream
        self._vegas = Vegas(most, first)
        self._limit = AdaptiveLimit(float(most), nudge=NUDGE, decrease=NUDGE, recovery=RECOVERY, floor=1 / most)
        self._monotonic = monotonic
        self._taken = 0
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._held_until = float("-inf")
        self._wake: asyncio.TimerHandle | None = None

    @property
    def most(self) -> int:
        """How many calls may be under way now."""
        self._limit.ceiling = float(self._vegas.limit)
        return max(1, int(self._limit.at(self._monotonic())))

    @property
    def taken(self) -> int:
        """How many are."""
        return self._taken

    @asynccontextmanager
    async def place(self, what: str) -> AsyncIterator[None]:
        """Hold a place in this block; first come, first served.

        Args:
            what: the kind of call that is made in it: answers of one kind take about as long.

        Raises:
            HeldBackError: the upstream asked for a pause that is not over; no call was made.
        """
        left = timedelta(seconds=max(0.0, self._held_until - self._monotonic()))
        if left > SHORT:
            raise HeldBackError(self._upstream, retry_after=left)
        await self._take()
        begun, at_once = self._monotonic(), self._taken
        try:
            yield
            self._vegas.note(what, self._monotonic() - begun, at_once)
        finally:
            self._taken -= 1
            self._admit()

    def complain(self, pause: timedelta | None) -> None:
        """The upstream said that it was too much, and perhaps for how long to leave it alone."""
        now = self._monotonic()
        self._limit.complain(now)
        self._vegas.complain()
        if pause is not None:
            self._held_until = max(self._held_until, now + min(pause, LONGEST).total_seconds())

    async def _take(self) -> None:
        turn = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        self._admit()
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self._taken -= 1
                self._admit()
            raise

    def _admit(self) -> None:
        now = self._monotonic()
        while self._waiting and self._taken < self.most and now >= self._held_until:
            turn = self._waiting.popleft()
            if not turn.done():
                turn.set_result(None)
                self._taken += 1
        if self._waiting and self._wake is None:
            # What comes back with time, or after a pause, wakes nobody by itself.
            pause = max(0.05, min(self._held_until - now, 1.0))
            self._wake = asyncio.get_running_loop().call_later(pause, self._woken)

    def _woken(self) -> None:
        self._wake = None
        self._admit()
