"""How many calls at once an upstream answers before they only wait there, told by how long its answers take.

TCP Vegas (Brakmo and Peterson, 1995), as Netflix's concurrency-limits applies it to calls: of `n` calls under way,
whose answers take `r` times as long as they take alone, `n * (1 - 1/r)` are waiting in the upstream's queue.
"""

from dataclasses import dataclass, field


@dataclass(slots=True)
class _Alone:
    """What an answer takes while hardly anything else is under way: a mean that forgets.

    The upstream's day changes it, and one slow answer says little.
    """

    seconds: float = 0.0
    answers: int = 0

    def note(self, seconds: float) -> None:
        self.answers += 1
        if self.answers > 1:
            seconds = min(seconds, 4 * self.seconds)
        self.seconds += max(0.1, 1 / self.answers) * (seconds - self.seconds)


@dataclass(slots=True)
class Vegas:
    """A number of calls at once, kept where a few of them wait: no worker is idle, and nobody else waits for long.

    Attributes:
        ceiling: never more than so many.
        first: it begins with so many.
        few: so many at once count as alone: their answers tell what one takes.
        least: fewer in the upstream's queue, and one more may be under way; half as many again until a queue is met.
        most: more in it, and fewer may be under way.
        smallest: calls at least that are looked at together.
    """

    ceiling: int
    first: int = 2
    few: int = 2
    least: float = 1.0
    most: float = 2.5
    smallest: int = 12
    _limit: float = field(init=False)
    _alone: dict[str, _Alone] = field(default_factory=dict, init=False)
    _slowness: float = field(default=0.0, init=False)
    _seen: int = field(default=0, init=False)
    _met_queue: bool = field(default=False, init=False)
    _older: int = field(default=0, init=False)
    _was_full: bool = field(default=False, init=False)

    def __post_init__(self) -> None:
        self._limit = float(min(self.first, self.ceiling))

    @property
    def limit(self) -> int:
        """How many calls may be under way."""
        return int(self._limit)

    def note(self, what: str, seconds: float, at_once: int) -> None:
        """An answer came.

        Args:
            what: the kind of call: each has its own pace.
            seconds: how long it took.
            at_once: how many calls were under way when it left, itself among them.
        """
        alone = self._alone.get(what)
        if at_once <= self.few:
            alone = self._alone.setdefault(what, _Alone())
            alone.note(seconds)
        if self._older > 0:
            self._older -= 1  # It left under the limit before, and tells of that one.
            return
        if alone is None:
            return
        self._slowness += seconds / alone.seconds if alone.seconds > 0 else 1.0
        self._seen += 1
        self._was_full = self._was_full or at_once >= self.limit
        if self._seen >= max(self.smallest, self.limit):
            self._decide()

    def complain(self) -> None:
        """The upstream refused a call for being too many: slowly from now on, and what was seen so far is nothing."""
        self._met_queue = True
        self._forget()

    def _decide(self) -> None:
        slowness = self._slowness / self._seen
        if slowness < 1:
            # Nothing is faster than alone: what was taken for it was too slow.
            for alone in self._alone.values():
                alone.seconds *= slowness
        queued = self._limit * (1 - 1 / slowness) if slowness > 1 else 0.0
        if queued > self.most:
            self._limit = max(1.0, self._limit - max(1.0, 0.2 * self._limit))
            self._met_queue = True
        elif queued < self.least and self._was_full:
            self._limit = min(float(self.ceiling), self._limit + (1.0 if self._met_queue else self._limit / 2))
        elif queued >= self.least:
            self._met_queue = True
        self._forget()

    def _forget(self) -> None:
        self._slowness, self._seen, self._was_full, self._older = 0.0, 0, False, self.limit
