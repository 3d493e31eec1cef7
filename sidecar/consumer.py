"""What a module in `consumers/` declares."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

from schemas.contract import Frozen
from schemas.envelope import CloudEvent
from schemas.ids import OrderRef
from sidecar.effects.effect import Effect
from sidecar.outcome import Skip
from sidecar.ports.bundle import Ports

Event = CloudEvent[Any]
"""Any event of the consumer's contracts; which one, `event.data`'s class says."""

Locate = Callable[[Event, Ports], Awaitable[OrderRef | Skip]]
"""Finds the order that an event is about, so that the runtime can hold its lock, or says why it is not ours."""

Observe = Callable[[Event, OrderRef, Ports], Awaitable[None]]
"""Keeps what the event says as facts. Runs once a message, under the order's lock; may be repeated safely."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What is to be done next.

    Attributes:
        effects: to be performed, in this order.
        left_open: keys of effects that were begun, whose outcome nobody knows and that are not wanted any more. When
            nothing else is left to do, it is found out what became of them.
    """

    effects: Sequence[Effect] = ()
    left_open: frozenset[str] = frozenset()


Handle = Callable[[OrderRef, Ports], Awaitable[Decision]]
"""Loads the order's state and decides what to do next. Asked again until nothing is left."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Consumer:
    """One queue and what is done with its messages.

    Attributes:
        queue: the work queue's name, and the name in `sidecar run NAME`.
        contracts: the classes it reads; bindings, AsyncAPI and documents are derived from them.
        locate: finds the order.
        observe: keeps the event's facts.
        handle: decides what to do next, from facts alone.
        stripe_events: the types of Stripe's events that it needs; what a webhook endpoint has to send.
    """

    queue: str
    contracts: tuple[type[Frozen], ...]
    locate: Locate
    observe: Observe
    handle: Handle
    stripe_events: frozenset[str] = frozenset()
