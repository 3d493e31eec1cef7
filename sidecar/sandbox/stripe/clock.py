"""The sandbox's time: the world's, plus what it has been advanced by."""

import heapq
import itertools
import time
from collections.abc import Callable


class SandboxClock:
    """Unix time, in seconds, that can be moved forward.

    Args:
        source: where the time comes from; a test hands in a function that stands still.
    """

    def __init__(self, source: Callable[[], float] = time.time) -> None:
        self._source = source
        self._offset = 0.0

    def precise(self) -> float:
        """The present with its fraction: for rate limits."""
        return self._source() + self._offset

    def now(self) -> int:
        """The present in whole seconds: what Stripe writes into `created`."""
        return int(self._source() + self._offset)

    def advance(self, seconds: float) -> None:
        """Move forward. Raises `ValueError` on a negative amount: objects are listed by time."""
        if seconds < 0:
            raise ValueError("the sandbox's clock only goes forward")
        self._offset += seconds


class Agenda:
    """What happens by itself when its time has come: expiries, settlements."""

    def __init__(self, clock: SandboxClock) -> None:
        self._clock = clock
        self._due: list[tuple[float, int, Callable[[], object]]] = []
        self._order = itertools.count()

    def at(self, seconds: float, action: Callable[[], object]) -> None:
        """Do `action` once the clock has reached `seconds`."""
        heapq.heappush(self._due, (seconds, next(self._order), action))

    def after(self, seconds: float, action: Callable[[], object]) -> None:
        """Do `action` so many seconds from now."""
        self.at(self._clock.precise() + seconds, action)

    def run_due(self) -> int:
        """Do everything whose time has come, in its order; says how many things that were."""
        done = 0
        while self._due and self._due[0][0] <= self._clock.precise():
            heapq.heappop(self._due)[2]()
            done += 1
        return done
