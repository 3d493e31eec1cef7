"""Whose turn it is: fair between stores, and nobody waits for ever. No clock and no event loop."""

from collections import OrderedDict
from dataclasses import dataclass, field
from heapq import heappop, heappush
from typing import Final, Literal

from sidecar.intake.whose import NOBODY
from sidecar.ports.delivery import Lane

Kind = Literal["fair", "surplus", "oldest"]

WHEEL: Final[tuple[Kind, ...]] = ("fair", "surplus", "fair", "oldest")
"""What each turn in four is for: two for stores that had little, one for what was set aside, one for the oldest."""

SHARE: Final = 0.75
"""The share of the places that one store may hold while there are others: a place is free soon for whoever comes."""

REMEMBERED: Final = 3600.0
"""Seconds for which a store counts after its last message."""
MOST_REMEMBERED: Final = 10_000
"""Stores, so that memory is bounded however many there are."""


@dataclass(slots=True, eq=False)
class Ticket:
    """A message that waits for its turn or is worked on.

    Attributes:
        store: whose it is.
        since: since when it waits.
        number: its place among all.
        at_work: whether its turn came.
        over: whether it is done with.
    """

    store: str
    lane: Lane
    since: float
    number: int
    at_work: bool = False
    over: bool = False


@dataclass(slots=True)
class _Store:
    served: int
    waiting: dict[Lane, list[tuple[float, int, Ticket]]] = field(default_factory=lambda: {"main": [], "surplus": []})
    in_hand: dict[Lane, int] = field(default_factory=lambda: {"main": 0, "surplus": 0})
    at_work: int = 0

    def add(self, ticket: Ticket) -> None:
        heappush(self.waiting[ticket.lane], (ticket.since, ticket.number, ticket))
        self.in_hand[ticket.lane] += 1

    def head(self, lane: Lane) -> Ticket | None:
        heap = self.waiting[lane]
        while heap and (heap[0][2].over or heap[0][2].at_work):
            heappop(heap)
        return heap[0][2] if heap else None


class Turns:
    """Gives out `places`. A store that waits gets its turn however many messages another has.

    Within a store and a lane goes first what waits longest. Times are seconds of one clock, whichever.
    """

    def __init__(self, places: int) -> None:
        self.places = places
        self._stores: dict[str, _Store] = {}
        self._seen: OrderedDict[str, float] = OrderedDict()
        self._number = 0
        self._turn = 0
        self._at_work = 0

    @property
    def in_hand(self) -> int:
        """How many messages wait or are worked on."""
        return sum(store.in_hand["main"] + store.in_hand["surplus"] for store in self._stores.values())

    @property
    def at_work(self) -> int:
        """How many are worked on."""
        return self._at_work

    def crowds_out(self, store: str, window: int, now: float) -> bool:
        """Whether one more message of the store from the main queue would leave too little room for others.

        A store may fill half of the window, so that the other half keeps bringing what others have; and none of it
        while older messages of its own wait in the surplus queue, so that its messages keep their order.

        Args:
            store: whose message it is.
            window: how many messages of the main queue may be in hand.
            now: the time.
        """
        known = self._stores.get(store)
        if known is None or store == NOBODY or not self._others(store, now):
            return False
        return known.head("surplus") is not None or known.in_hand["main"] >= max(self.places // 2, window // 2)

    def offer(self, store: str, lane: Lane, since: float, now: float) -> Ticket:
        """A message came, which waits since `since`."""
        ticket = Ticket(store, lane, since, self._number)
        self._number += 1
        known = self._stores.get(store)
        if known is None:
            # Who was away has no claim to what others had meanwhile.
            least = min((other.served for other in self._stores.values()), default=0)
            known = self._stores[store] = _Store(least)
        known.add(ticket)
        self._remember(store, now)
        return ticket

    def admit(self, now: float) -> list[Ticket]:
        """Those whose turn it is now, in this order."""
        admitted = []
        while self._at_work < self.places and (ticket := self._next(now)) is not None:
            store = self._stores[ticket.store]
            ticket.at_work = True
            store.at_work += 1
            store.served += 1
            self._at_work += 1
            admitted.append(ticket)
        return admitted

    def done(self, ticket: Ticket) -> None:
        """It is done with, or nobody wants it any more; said twice is said once."""
        if ticket.over:
            return
        ticket.over = True
        store = self._stores[ticket.store]
        store.in_hand[ticket.lane] -= 1
        if ticket.at_work:
            store.at_work -= 1
            self._at_work -= 1
        if not store.in_hand["main"] and not store.in_hand["surplus"]:
            del self._stores[ticket.store]

    def _next(self, now: float) -> Ticket | None:
        for skip in range(len(WHEEL)):
            ticket = self._of_kind(WHEEL[(self._turn + skip) % len(WHEEL)], now)
            if ticket is not None:
                self._turn += 1
                return ticket
        return None

    def _of_kind(self, kind: Kind, now: float) -> Ticket | None:
        lanes: tuple[Lane, ...] = (
            ("main", "surplus") if kind == "oldest" else ("main" if kind == "fair" else "surplus",)
        )
        heads = [
            (store, head)
            for name, store in self._stores.items()
            if store.at_work < self._most(name, now)
            for lane in lanes
            if (head := store.head(lane)) is not None
        ]
        if not heads:
            return None
        if kind == "oldest":
            return min((head for _, head in heads), key=lambda head: (head.since, head.number))
        return min(heads, key=lambda each: (each[0].at_work, each[0].served, each[1].number))[1]

    def _most(self, store: str, now: float) -> int:
        """How many places the store may hold."""
        return max(1, int(self.places * SHARE)) if self._others(store, now) else self.places

    def _others(self, store: str, now: float) -> bool:
        """Whether another store has been seen lately."""
        for name, at in reversed(self._seen.items()):
            if now - at > REMEMBERED:
                return False
            if name != store:
                return True
        return False

    def _remember(self, store: str, now: float) -> None:
        if store == NOBODY:
            return
        self._seen[store] = now
        self._seen.move_to_end(store)
        if len(self._seen) > MOST_REMEMBERED:
            self._seen.popitem(last=False)
