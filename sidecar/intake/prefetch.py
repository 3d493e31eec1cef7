"""How many messages a process takes ahead: enough that it never waits for the broker, and no more."""

import math
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class PrefetchPolicy:
    """The bounds.

    Attributes:
        places: how many messages are worked on at once.
        most: messages in hand at most.
        most_bytes: of message bodies in hand, as far as the sizes seen so far tell.
        ahead: seconds of work that may lie ready: what is in hand of a slow process would be done sooner by another.
    """

    places: int
    most: int
    most_bytes: int
    ahead: float = 1.0

    def window(self, seconds: float, size: float) -> int:
        """How many messages to have in hand, if each takes so many seconds and has so many bytes (0: not known yet).

        By Little's law a process with `places` places works on `places / seconds` messages a second: `ahead` seconds
        of them lie ready besides those at work.
        """
        by_time = self.places + math.ceil(self.places * self.ahead / seconds) if seconds > 0 else 2 * self.places
        by_size = int(self.most_bytes / size) if size > 0 else self.most
        return max(1, min(by_time, by_size, self.most))


@dataclass(slots=True)
class Observed:
    """What messages take lately: a mean of their time, and a size that hardly any exceeds."""

    weight: float = 0.05
    seconds: float = field(default=0.0, init=False)
    size: float = field(default=0.0, init=False)

    def note(self, seconds: float, size: int) -> None:
        """One message took so many seconds and had so many bytes."""
        self.seconds = seconds if self.seconds == 0 else self.seconds + self.weight * (seconds - self.seconds)
        # Up at once, down slowly: a big message is seldom alone.
        self.size = size if size > self.size else self.size + self.weight * (size - self.size)


def settled(current: int, wanted: int) -> int:
    """The window to go on with: changes are made in steps, since each costs a conversation with the broker."""
    if current <= 0 or wanted <= 0:
        return wanted
    near = abs(wanted - current) < 0.25 * current  # a quarter is no matter
    return current if near else min(wanted, 2 * current)
