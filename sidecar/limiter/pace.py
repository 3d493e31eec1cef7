"""One rate limit: even spacing (the generic cell rate algorithm, ITU-T I.371) under a count of the last second."""

from collections import deque
from dataclasses import dataclass, field

SECOND = 1.0
"""What an upstream counts over."""


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

    In any span of `t` seconds at most `rate * (t + tolerance) + 1` calls are admitted, and in any second and its
    `margin` at most `calls`. The first is what keeps them apart; the tolerance is what an event loop that wakes late
    may catch up. The second is what an upstream counts that allows so many a second, and lets nothing that is caught
    up become too many. It is a little less than the even distance of so many calls: otherwise a call that was late once
    would keep all those late that stand in its place in the seconds after it.

    Attributes:
        calls: how many are counted: what the upstream allows in a second, in whole calls.
        tolerance: seconds by which a call may come before its even time.
        margin: seconds by which a call may take less time to the upstream than one before it.
    """

    calls: int
    tolerance: float
    margin: float
    _due: float = field(default=float("-inf"), init=False)
    _admitted: deque[Departure] = field(default_factory=deque, init=False)

    def ready_at(self) -> float:
        """When the next call may go, in monotonic seconds."""
        even = self._due - self.tolerance
        if len(self._admitted) < self.calls:
            return even
        return max(even, self._admitted[-self.calls].at + SECOND + self.margin)

    def admit(self, departure: Departure, rate: float) -> None:
        """Count a call that goes; `ready_at` must have come."""
        self._due = max(self._due, departure.at) + 1 / rate
        self._admitted.append(departure)
        while len(self._admitted) > self.calls:
            self._admitted.popleft()

    def hold_until(self, moment: float) -> None:
        """Admit nothing before the moment."""
        self._due = max(self._due, moment + self.tolerance)
