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
    """The calls of one process within the policy's window. Times are monotonic seconds."""

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
        since = now - self.policy.window.total_seconds()
        while self._calls and self._calls[0].at < since:
            self._calls.popleft()
        in_a_row: list[_Call] = []
        for call in reversed(self._calls):
            if not call.failed:
                break
            in_a_row.append(call)
        if len(in_a_row) >= self.policy.consecutive and self._concern_enough(in_a_row):
            return True
        failed = [call for call in self._calls if call.failed]
        enough = len(self._calls) >= self.policy.calls and len(failed) >= self.policy.share * len(self._calls)
        return enough and self._concern_enough(failed)

    def _concern_enough(self, failed: list[_Call]) -> bool:
        return len({call.about for call in failed}) >= self.policy.subjects


_KEPT = 1000
"""Calls at most, so that memory is bounded at any rate."""
