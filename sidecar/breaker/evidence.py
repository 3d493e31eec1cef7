"""What the last calls to an upstream say about it."""

from collections import deque
from dataclasses import dataclass, field

from sidecar.breaker.policy import BreakerPolicy


@dataclass(frozen=True, slots=True)
class _Call:
    at: float
    failed: bool
    about: str


@dataclass(slots=True)
class Evidence:
    """The last calls of one process, as far back as the policy looks. Times are monotonic seconds."""

    policy: BreakerPolicy
    _calls: deque[_Call] = field(default_factory=deque, init=False)

    def note(self, *, failed: bool, about: str, at: float) -> None:
        """A call is over. `about`: the order or customer it was made for."""
        self._calls.append(_Call(at, failed, about))
        while len(self._calls) > _KEPT:
            self._calls.popleft()

    def forget(self) -> None:
        """Begin anew: what was is judged."""
        self._calls.clear()

    def suffices(self, now: float) -> bool:
        """Whether the upstream is down, as far as the calls can tell."""
        while self._calls and self._calls[0].at < now - self.policy.row.total_seconds():
            self._calls.popleft()
        if self._all_fail():
            return True
        calls = [call for call in self._calls if call.at >= now - self.policy.window.total_seconds()]
        failed = [call for call in calls if call.failed]
        enough = len(calls) >= self.policy.calls and len(failed) >= self.policy.share * len(calls)
        return enough and self._concern_enough(failed)

    def _all_fail(self) -> bool:
        """Whether nothing has succeeded lately, however few calls there were.

        Where hardly any orders come in, two that fail for longer than the window say as much as three at once.
        """
        row: list[_Call] = []
        for call in reversed(self._calls):
            if not call.failed:
                break
            row.append(call)
        if len(row) < self.policy.consecutive:
            return False
        took = row[0].at - row[-1].at
        is_slow = took >= self.policy.window.total_seconds()
        return self._concern_enough(row) or (is_slow and len({call.about for call in row}) >= _SLOW_SUBJECTS)

    def _concern_enough(self, failed: list[_Call]) -> bool:
        return len({call.about for call in failed}) >= self.policy.subjects


_SLOW_SUBJECTS = 2
"""One order that always fails is never an outage."""

_KEPT = 1000
"""Calls at most, so that memory is bounded at any rate."""
