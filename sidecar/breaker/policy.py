"""When a circuit opens, and for how long."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakerPolicy:
    """The same for every upstream.

    Attributes:
        consecutive: so many failures without a success in between open it.
        calls: or at least so many calls,
        share: of which this share failed.
        window: how far back calls count for the share.
        row: how far back failures count that nothing has succeeded between: whoever has few orders has few calls.
        subjects: the failures have to concern so many orders or customers, since one poisoned order makes Magento
            answer 500 each time and says nothing of the others. Two are enough for a row longer than the window.
        first_open: how long it is open at first; twice as long each further time in a row.
        longest_open: how long at most. It is also how late an upstream's return may be noticed.
        jitter: the share by which the time may be shortened, so that circuits do not beat in step.
        quiet: after so long closed, the next opening is a first one again.
        probe_patience: how long a replica may take to find out; longer than any call.
    """

    consecutive: int = 5
    calls: int = 20
    share: float = 0.5
    window: timedelta = timedelta(minutes=1)
    row: timedelta = timedelta(hours=1)
    subjects: int = 3
    first_open: timedelta = timedelta(seconds=5)
    longest_open: timedelta = timedelta(seconds=30)
    jitter: float = 0.2
    quiet: timedelta = timedelta(minutes=5)
    probe_patience: timedelta = timedelta(seconds=45)

    def open_for(self, opened: int, jitter: float) -> timedelta:
        """How long it stays open, the `opened`-th time in a row (from 1); `jitter` from 0 to 1."""
        doubled = self.first_open * (1 << min(opened - 1, 20))
        return min(doubled, self.longest_open) * (1 - self.jitter * jitter)
