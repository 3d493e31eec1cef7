"""What a module in `consumers/` declares."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Literal

from typing_extensions import TypeVar

from schemas.contract import Frozen
from schemas.envelope import CloudEvent
from schemas.ids import Subject
from sidecar.effects.effect import Effect
from sidecar.errors import Upstream
from sidecar.limiter.priority import Priority
from sidecar.outcome import Skip
from sidecar.ports.bundle import Ports

Event = CloudEvent[Any]
"""Any event of the consumer's contracts; which one, `event.data`'s class says."""

S = TypeVar("S", bound=Subject, default=Any)
"""What a consumer's messages are about: orders, or customers."""

Locate = Callable[[Event, Ports], Awaitable[S | Skip]]
"""Finds the order or customer that an event is about, to hold its lock, or says why it is not ours."""

Observe = Callable[[Event, S, Ports], Awaitable[object]]
"""Keeps what the event says as facts. Runs once a message, under the subject's lock; may be repeated safely.

Gives what the store has of the subject if it was read after the last fact was kept, so that it is not read again.
"""


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


Handle = Callable[[S, Ports, Any], Awaitable[Decision]]
"""Decides what to do next, from what `observe` gave or, where that is None, from what it loads of the subject.

Asked again until nothing is left.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Consumer(Generic[S]):
    """One queue and what is done with its messages.

    Attributes:
        queue: the work queue's name, and the name in `sidecar run NAME`.
        contracts: the classes it reads; bindings, AsyncAPI and documents are derived from them.
        locate: finds the order or customer.
        observe: keeps the event's facts.
        handle: decides what to do next, from facts alone.
        about: what `locate` finds.
        stripe_events: the types of Stripe's events that it needs: what its queue is bound to, and what a webhook
            endpoint has to send.
        takes_other_stripe_events: its queue takes Stripe's events of every type, to skip those that it does not need.
            One consumer does, so that the bridge always finds a queue.
        priority: who goes first where calls have to wait for an upstream's rate limit.
        upstreams: whom handling its messages asks, besides the store and the broker: while they are down, its queue is
            left alone.
    """

    queue: str
    contracts: tuple[type[Frozen], ...]
    locate: Locate[S]
    observe: Observe[S]
    handle: Handle[S]
    about: Literal["order", "customer"]
    stripe_events: frozenset[str] = frozenset()
    takes_other_stripe_events: bool = False
    priority: Priority = Priority.INTERACTIVE
    upstreams: frozenset[Upstream] = frozenset({"stripe", "magento"})

    def reads_stripe_event(self, event_type: str) -> bool:
        """Whether a Stripe event of this type comes into its queue."""
        return self.takes_other_stripe_events or event_type in self.stripe_events
