"""One rate limit: even spacing (the generic cell rate algorithm, ITU-T I.371) under a count of the last second."""

from collections import deque
from dataclasses import dataclass, field


@dataclass(slots=True)
class Departure:
    """A call that went.

    Attributes:
        at: when; may be corrected once it is known better.
    """

    at: float


@dataclass(slots=True)
class Pace:
    """Admits calls one after another, at a rate.

    In any span of `t` seconds at most `rate * (t + tolerance) + 1` calls are admitted, and in any span of
    `calls / rate` seconds at most `calls`. The first is what keeps them apart; the tolerance is what an event loop that
    wakes late may catch up. The second is what an upstream counts that allows so many a second, and lets nothing that
    is caught up become too many.

    Attributes:
        calls: how many are counted: what the upstream allows in a second, in whole calls.
        tolerance: seconds by which a call may come before its even time.
    """

    calls: int
    tolerance: float
    _due: float = field(default=float("-inf"), init=False)
    _admitted: deque[Departure] = field(default_factory=deque, init=False)

    def ready_at(self, rate: float) -> float:
        """When the next call may go, in monotonic seconds; `rate` in calls per second."""
        even = self._due - self.tolerance
        if len(self._admitted) < self.calls:
            return even
        return max(even, self._admitted[-self.calls].at + self.calls / rate)

    def admit(self, departure: Departure, rate: float) -> None:
        """Count a call that goes; `ready_at` must have come."""
        self._due = max(self._due, departure.at) + 1 / rate
        self._admitted.append(departure)
        while len(self._admitted) > self.calls:
            self._admitted.popleft()

    def hold_until(self, moment: float) -> None:
        """Admit nothing before the moment."""
        self._due = max(self._due, moment + self.tolerance)
