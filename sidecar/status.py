"""What is going on: queues, circuits, who is alive, what is parked, how far the look-back has come."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Protocol

from schemas.ids import StripeRef
from sidecar.breaker.circuit import Circuit, CircuitName
from sidecar.bridge.catch_up import cursor_name
from sidecar.intake.long_held import PREFIX
from sidecar.ports.clock import Clock
from sidecar.ports.parked import ParkedSummary
from sidecar.ports.store import Store
from sidecar.retry import LADDER
from sidecar.topology import Names


class Counted(Protocol):
    """What a broker says of a queue."""

    @property
    def name(self) -> str: ...  # noqa: D102
    @property
    def messages(self) -> int: ...  # noqa: D102
    @property
    def consumers(self) -> int: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class QueueStatus:
    """One consumer's queues; None where a queue does not exist.

    Attributes:
        ready: messages that nobody has in hand.
        surplus: those that were set aside for other stores' sake.
        parked: dead letters.
        consumers: processes that read it; none while all of them leave it alone because of a circuit.
    """

    queue: str
    ready: int | None
    surplus: int | None
    parked: int | None
    consumers: int | None


@dataclass(frozen=True, slots=True)
class CircuitStatus:
    """One upstream.

    Attributes:
        since: since when it is in this state; None when it was never in another.
        reason: the code of the error that opened it.
        retry_at: while it is open, when it is probed next.
    """

    circuit: str
    state: str
    since: datetime | None
    reason: str
    retry_at: datetime | None


@dataclass(frozen=True, slots=True)
class Status:
    """All of it, at a moment.

    Attributes:
        waiting: messages on the ladder, by rung.
        backlog: all that is not done: ready, set aside or on the ladder.
        unrouted: commerce events that nobody reads yet.
        alive: the processes by what they do.
        looked_back: how far each account's events have been looked over; None before the first time.
    """

    at: datetime
    queues: tuple[QueueStatus, ...]
    waiting: dict[str, int]
    backlog: int
    unrouted: int
    circuits: tuple[CircuitStatus, ...]
    alive: dict[str, tuple[str, ...]]
    parked: tuple[ParkedSummary, ...]
    looked_back: dict[str, datetime | None]

    def as_json(self) -> dict[str, object]:
        """For machines."""
        return asdict(self)


def queues_of(queues: Sequence[str], names: Names) -> list[str]:
    """The full names of all that has to be counted."""
    own = [name(queue) for queue in queues for name in (names.work, names.surplus, names.dead_letter)]
    return [*own, *(names.retry(rung) for rung in LADDER), names.unrouted()]


async def collect(
    *,
    counted: Sequence[Counted],
    queues: Sequence[str],
    names: Names,
    circuits: Sequence[CircuitName],
    accounts: Sequence[StripeRef],
    store: Store,
    clock: Clock,
) -> Status:
    """Put it together.

    Args:
        counted: what the broker says of `queues_of`; what does not exist is left out.
        queues: the work queues.
        names: how they are called.
        circuits: the upstreams that the settings name.
        accounts: the Stripe accounts that they name.
        store: what is recorded.
        clock: the time.

    Raises:
        TransientError: the store is away.
    """
    known = {each.name: each for each in counted}

    def messages(name: str) -> int | None:
        return known[name].messages if name in known else None

    lines = [
        QueueStatus(
            queue=queue,
            ready=messages(names.work(queue)),
            surplus=messages(names.surplus(queue)),
            parked=messages(names.dead_letter(queue)),
            consumers=known[names.work(queue)].consumers if names.work(queue) in known else None,
        )
        for queue in queues
    ]
    waiting = {rung.name: messages(names.retry(rung)) or 0 for rung in LADDER}
    recorded = await store.circuits.read()
    alive = await store.replicas.living(clock.now())
    cursors = {str(ref): await store.cursors.get(cursor_name(ref)) for ref in accounts}
    return Status(
        at=clock.now(),
        queues=tuple(lines),
        waiting=waiting,
        backlog=sum((line.ready or 0) + (line.surplus or 0) for line in lines) + sum(waiting.values()),
        unrouted=messages(names.unrouted()) or 0,
        circuits=tuple(_line(recorded.get(name, Circuit(name=name))) for name in circuits),
        alive={group: names for group, names in alive.items() if not group.startswith(PREFIX)},
        parked=await store.parked.summaries(),
        looked_back={ref: datetime.fromisoformat(at) if at else None for ref, at in cursors.items()},
    )


def _line(circuit: Circuit) -> CircuitStatus:
    return CircuitStatus(circuit.name, circuit.state, circuit.changed_at, circuit.reason, circuit.retry_at)
