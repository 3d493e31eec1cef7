"""One rate limit: the generic cell rate algorithm (ITU-T I.371), which spaces calls evenly."""

from dataclasses import dataclass


@dataclass(slots=True)
class Pace:
    """Admits calls at a rate, one after another.

    In any span of `t` seconds at most `rate * (t + tolerance) + 1` calls are admitted. The tolerance is what an event
    loop that wakes late may catch up; more would be a burst, which an upstream that counts by the second refuses.

    Attributes:
        tolerance: seconds by which a call may come before its even time.
        due: the even time of the next call; monotonic seconds.
    """

    tolerance: float
    due: float = float("-inf")

    def ready_at(self) -> float:
        """When the next call may go."""
        return self.due - self.tolerance

    def admit(self, now: float, rate: float) -> None:
        """Count a call that goes now; `ready_at` must have come. `rate` is in calls per second."""
        self.due = max(self.due, now) + 1 / rate

    def hold_until(self, moment: float) -> None:
        """Admit nothing before the moment."""
        self.due = max(self.due, moment + self.tolerance)
