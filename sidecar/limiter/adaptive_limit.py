"""A limit that gives way when the upstream complains, and comes back: multiplicative decrease, additive increase."""

from dataclasses import dataclass, field


@dataclass(slots=True)
class AdaptiveLimit:
    """What may be used of a limit at a moment.

    Attributes:
        ceiling: all of it, in any unit; it changes when it is shared among more or fewer.
        nudge: what is left after a first complaint, as a factor: calls may just have arrived unevenly.
        decrease: what is left after each further complaint that comes before all is used again.
        recovery: seconds in which all of the ceiling comes back from nothing.
        floor: the least that is used, as a fraction of the ceiling.
        quiet: seconds after a complaint in which more of them count as the same one, and nothing comes back.
    """

    ceiling: float
    nudge: float = 0.98
    decrease: float = 0.75
    recovery: float = 20.0
    floor: float = 0.1
    quiet: float = 1.0
    _fraction: float = field(default=1.0, init=False)
    _since: float = field(default=float("-inf"), init=False)

    def at(self, now: float) -> float:
        """What may be used now; `now` in monotonic seconds, never going back."""
        return self.ceiling * self._fraction_at(now)

    def complain(self, now: float) -> None:
        """The upstream said that it was too much."""
        if now < self._since + self.quiet:
            return
        used = self._fraction_at(now)
        self._fraction = max(self.floor, used * (self.decrease if used < 1 else self.nudge))
        self._since = now

    def _fraction_at(self, now: float) -> float:
        if self._fraction >= 1:
            return 1.0
        regained = max(0.0, now - self._since - self.quiet) / self.recovery
        return min(1.0, self._fraction + regained)
