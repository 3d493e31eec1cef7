"""Who may call when: every limit at once, no clock and no event loop."""

import math
from collections import deque
from dataclasses import dataclass, field
from datetime import timedelta
from typing import NamedTuple

from sidecar.limiter.adaptive_limit import AdaptiveLimit
from sidecar.limiter.limits import Limits
from sidecar.limiter.pace import Departure, Pace
from sidecar.limiter.priority import Priority

STEP_BACK = timedelta(milliseconds=100)
"""A pause after a complaint: calls that arrived late also count late, and all that follow are too early by as much."""

BULK_SHARE = 5
"""While both wait, one call in this many is a bulk call."""


@dataclass(slots=True, eq=False)
class Ticket:
    """A call that waits for its turn.

    Attributes:
        number: its place among all calls.
        departure: when its turn came; from then on it holds a place until it is handed back.
        withdrawn: whether nobody waits for it any more.
    """

    number: int
    endpoint: str
    priority: Priority
    departure: Departure | None = None
    withdrawn: bool = False


class _Part(NamedTuple):
    """A process's part of a limit: calls a second on average, and at most so many in any one."""

    rate: float
    calls: int


@dataclass(slots=True)
class _Gate:
    """A rate limit as it is just now."""

    limit: AdaptiveLimit
    pace: Pace

    def ready_at(self) -> float:
        return self.pace.ready_at()

    def admit(self, departure: Departure) -> None:
        self.pace.admit(departure, self.limit.at(departure.at))

    def share(self, part: _Part) -> None:
        self.limit.ceiling, self.pace.calls = part.rate, part.calls

    def complain(self, now: float, hold: timedelta | None) -> None:
        self.limit.complain(now)
        self.pace.hold_until(now + (STEP_BACK if hold is None else hold).total_seconds())


@dataclass(slots=True)
class _Lane:
    """The calls to one endpoint."""

    gate: _Gate
    waiting: dict[Priority, deque[Ticket]] = field(default_factory=lambda: {kind: deque() for kind in Priority})

    def head(self, priority: Priority) -> Ticket | None:
        queue = self.waiting[priority]
        while queue and queue[0].withdrawn:
            queue.popleft()
        return queue[0] if queue else None


class Schedule:
    """Admits calls under a global rate, a rate for each endpoint and a number of calls under way.

    An endpoint that has to wait holds up no other. Among the endpoints that may go, the oldest call of the highest
    class goes first; while both classes wait, one in `BULK_SHARE` is a bulk call. Times are monotonic seconds.
    """

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._sharers = 1
        self._total = self._gate(limits.per_second)
        self._concurrency = AdaptiveLimit(float(limits.concurrency), nudge=0.5, decrease=0.5)
        self._lanes: dict[str, _Lane] = {}
        self._under_way = 0
        self._number = 0
        self._interactive_in_a_row = 0

    def share(self, sharers: int) -> None:
        """So many processes call this account: each takes an equal part of the rates."""
        self._sharers = max(1, sharers)
        self._total.share(self._part(self._limits.per_second))
        for endpoint, lane in self._lanes.items():
            lane.gate.share(self._part(self._allowed(endpoint)))

    def offer(self, endpoint: str, priority: Priority = Priority.INTERACTIVE) -> Ticket:
        """Queue a call."""
        ticket = Ticket(self._number, endpoint, priority)
        self._number += 1
        self._lane(endpoint).waiting[priority].append(ticket)
        return ticket

    def left(self, ticket: Ticket, now: float) -> None:
        """The call leaves only now: its task was not run when its turn came, and what follows keeps its distance."""
        if ticket.departure is not None:
            ticket.departure.at = now

    def hand_back(self, ticket: Ticket) -> None:
        """The call is over, or nobody wants it any more."""
        if ticket.departure is not None:
            self._under_way -= 1
        ticket.withdrawn = True

    def admit(self, now: float) -> list[Ticket]:
        """Let go all that may go now, in the order in which they should."""
        admitted: list[Ticket] = []
        while self._under_way < self._places(now) and self._total.ready_at() <= now:
            ticket = self._next(now)
            if ticket is None:
                break
            lane = self._lanes[ticket.endpoint]
            lane.waiting[ticket.priority].popleft()
            ticket.departure = Departure(now)
            lane.gate.admit(ticket.departure)
            self._total.admit(ticket.departure)
            self._under_way += 1
            admitted.append(ticket)
        return admitted

    def wake_at(self, now: float) -> float | None:
        """When to ask `admit` again; None when only a call that is handed back can change anything."""
        if self._under_way >= self._places(now):
            # Where the cap has given way it comes back with time.
            return now + 1 if self._places(now) < self._limits.concurrency and self._heads() else None
        ready = [self._lanes[ticket.endpoint].gate.ready_at() for ticket in self._heads()]
        return max(self._total.ready_at(), min(ready)) if ready else None

    def throttled(self, endpoint: str, reason: str | None, retry_after: timedelta | None, now: float) -> None:
        """The upstream refused a call to the endpoint for being too many.

        Args:
            endpoint: which.
            reason: the limiter that refused it, as Stripe names it in `Stripe-Rate-Limited-Reason`: `global-rate`,
                `endpoint-rate`, `global-concurrency`, `endpoint-concurrency`, `resource-specific`
                (docs.stripe.com/rate-limits). Without it every rate is suspected.
            retry_after: for how long nothing may go there.
            now: monotonic seconds.
        """
        match reason:
            case "global-concurrency" | "endpoint-concurrency":
                self._concurrency.complain(now)
            case "resource-specific":
                pass  # One object is asked for too often; the others are not.
            case "global-rate":
                self._total.complain(now, retry_after)
            case "endpoint-rate":
                self._lane(endpoint).gate.complain(now, retry_after)
            case _:
                self._total.complain(now, retry_after)
                self._lane(endpoint).gate.complain(now, retry_after)

    @property
    def under_way(self) -> int:
        """How many calls are admitted and not handed back."""
        return self._under_way

    def rate(self, now: float, endpoint: str | None = None) -> float:
        """Calls a second that are let through now, in all or to one endpoint."""
        gate = self._total if endpoint is None else self._lane(endpoint).gate
        return gate.limit.at(now)

    def _next(self, now: float) -> Ticket | None:
        """The call whose turn it is, among those whose endpoint may be called."""
        oldest: dict[Priority, Ticket] = {}
        for lane in self._lanes.values():
            if lane.gate.ready_at() > now:
                continue
            for priority in Priority:
                head = lane.head(priority)
                if head is not None and (priority not in oldest or head.number < oldest[priority].number):
                    oldest[priority] = head
        interactive, bulk = oldest.get(Priority.INTERACTIVE), oldest.get(Priority.BULK)
        if interactive is None or bulk is None:
            return interactive or bulk
        if self._interactive_in_a_row >= BULK_SHARE - 1:
            self._interactive_in_a_row = 0
            return bulk
        self._interactive_in_a_row += 1
        return interactive

    def _heads(self) -> list[Ticket]:
        heads = (lane.head(priority) for lane in self._lanes.values() for priority in Priority)
        return [head for head in heads if head is not None]

    def _places(self, now: float) -> int:
        return max(1, int(self._concurrency.at(now)))

    def _lane(self, endpoint: str) -> _Lane:
        lane = self._lanes.get(endpoint)
        if lane is None:
            lane = self._lanes[endpoint] = _Lane(self._gate(self._allowed(endpoint)))
        return lane

    def _allowed(self, endpoint: str) -> float:
        return self._limits.endpoints.get(endpoint, self._limits.endpoint_per_second)

    def _gate(self, per_second: float) -> _Gate:
        part = self._part(per_second)
        return _Gate(AdaptiveLimit(part.rate), Pace(part.calls, self._limits.tolerance, self._limits.margin))

    def _part(self, per_second: float) -> _Part:
        """What this process may use: a whole number of calls a second, so that all together stay under the limit."""
        part = per_second / self._sharers
        if part < 1:
            return _Part(part * self._limits.headroom, 1)
        calls = math.floor(part)
        return _Part(calls * self._limits.headroom, calls)
