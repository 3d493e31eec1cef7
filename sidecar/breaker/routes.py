"""Whether a queue is worth reading while some upstreams are down."""

from collections.abc import Collection, Iterable
from enum import IntEnum

from sidecar.breaker.circuit import CircuitName

Route = frozenset[CircuitName]
"""The upstreams that a message may need together: its order's Stripe account and its Magento instance."""


class Intake(IntEnum):
    """What is taken from a queue."""

    SHUT = 0
    """Nothing: whatever came would have to wait, and so it waits in the queue, for whoever can handle it."""
    PROBE = 1
    """One message at a time, to find out whether an upstream is back."""
    OPEN = 2
    """Messages."""


def intake(routes: Collection[Route], blocked: Collection[CircuitName], probed_here: Collection[CircuitName]) -> Intake:
    """What to take from a queue whose messages go by one of the routes.

    One route that is free keeps it open: another account's messages are none of the broken one's business. Those that
    meet a blocked upstream all the same wait on the ladder, and use up no attempt.
    """
    if not routes or any(route.isdisjoint(blocked) and route.isdisjoint(probed_here) for route in routes):
        return Intake.OPEN
    if any(route.isdisjoint(blocked) for route in routes):
        return Intake.PROBE
    return Intake.SHUT


def distinct(routes: Iterable[Route]) -> tuple[Route, ...]:
    """Each once, in their order."""
    return tuple(dict.fromkeys(routes))
