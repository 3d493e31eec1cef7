"""Divides an amount that goes back among the payments that it came by."""

from collections.abc import Sequence
from dataclasses import dataclass

from schemas.ids import PaymentIntentId


@dataclass(frozen=True, slots=True)
class Source:
    """A payment.

    Attributes:
        created: when it was made, in seconds since 1970.
        left: how much of it has not gone back, in the currency's smallest unit.
    """

    intent: PaymentIntentId
    created: int
    left: int


@dataclass(frozen=True, slots=True)
class Part:
    """What goes back of one payment, in the currency's smallest unit."""

    intent: PaymentIntentId
    amount: int


def allocate(amount: int, sources: Sequence[Source]) -> list[Part]:
    """Take from the newest payment first, as much as it has left; nothing at all when all of them have too little.

    Args:
        amount: above zero, in the smallest unit of the currency that all sources share.
        sources: in any order.
    """
    parts: list[Part] = []
    for source in sorted(sources, key=lambda each: (each.created, each.intent), reverse=True):
        taken = min(amount, source.left)
        if taken > 0:
            parts.append(Part(source.intent, taken))
            amount -= taken
    return [] if amount else parts
