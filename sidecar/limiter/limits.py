"""How much an upstream allows."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of one account, before they are shared.

    Attributes:
        per_second: calls a second in all.
        endpoint_per_second: calls a second to each endpoint that has no number of its own.
        endpoints: calls a second to the endpoints that have, by name (`GET /v1/events`).
        concurrency: calls under way at once, in this process.
        headroom: the fraction of each rate that is used. What leaves evenly arrives less evenly: at 0.985 the 26th call
            of a 25/s limit leaves 1.015 s after the first, so 15 ms of jitter do no harm.
        tolerance: seconds by which late timers are caught up (`Pace`).
        margin: seconds that stay of that where one is caught up.
    """

    per_second: float
    endpoint_per_second: float
    endpoints: Mapping[str, float] = field(default_factory=dict)
    concurrency: int = 64
    headroom: float = 0.985
    tolerance: float = 0.15
    margin: float = 0.008
