"""How long it takes until all is well again, once what failed is there again."""

import statistics
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from tests.chaos.faults import Struck
from tests.chaos.people import Settled

UPSTREAMS = ("broker", "store", "stripe", "magento", "webhooks")
"""Whose return is measured. A process that was killed is nobody's upstream: it is back as soon as it has started."""


@dataclass(frozen=True, slots=True)
class Recovery:
    """Seconds, sorted.

    Attributes:
        orders: of each order that met failures: from the end of the last of them, or from the last thing that a person
            did about the order if that was later, to the moment at which Magento had it.
        by_upstream: the same, by whose failure the last one was.
        flow: of each failure of an upstream that orders waited for: from its end to the first of them that Magento had.
        calm: how long the orders took that met no failure.
    """

    orders: tuple[float, ...]
    by_upstream: Mapping[str, tuple[float, ...]]
    flow: Mapping[str, tuple[float, ...]]
    calm: tuple[float, ...]


def recovery_of(settled: Sequence[Settled], struck: Sequence[Struck]) -> Recovery:
    """Put together who met what."""
    by_upstream: dict[str, list[float]] = defaultdict(list)
    calm = []
    for order in settled:
        met = [fault for fault in struck if fault.began < order.at and fault.ended > order.since]
        if met:
            last = max(met, key=lambda fault: fault.ended)
            by_upstream[last.upstream].append(max(0.0, order.at - max(order.since, last.ended)))
        else:
            calm.append(order.at - order.since)
    flow: dict[str, list[float]] = defaultdict(list)
    for fault in struck:
        waited = [order.at - fault.ended for order in settled if order.since < fault.ended <= order.at]
        if waited and fault.upstream in UPSTREAMS:
            flow[fault.upstream].append(min(waited))
    return Recovery(
        orders=_sorted(seconds for found in by_upstream.values() for seconds in found),
        by_upstream={name: _sorted(found) for name, found in sorted(by_upstream.items())},
        flow={name: _sorted(found) for name, found in sorted(flow.items())},
        calm=_sorted(calm),
    )


def quantile(found: Sequence[float], share: float) -> float | None:
    """The value below which this share lies; null without any value."""
    if len(found) < 2:  # what statistics wants
        return round(found[0], 2) if found else None
    return round(statistics.quantiles(found, n=100, method="inclusive")[round(share * 100) - 1], 2)


def _sorted(found: Iterable[float]) -> tuple[float, ...]:
    return tuple(sorted(found))
