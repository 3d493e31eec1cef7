"""What one account's adapter is made from."""

from dataclasses import dataclass, field
from datetime import timedelta

from pydantic import SecretStr

from schemas.ids import Mode, StripeRef
from sidecar.limiter.limits import Limits

DEFAULT_PER_SECOND: dict[Mode, float] = {"live": 100, "test": 25}
DEFAULT_ENDPOINT_PER_SECOND = 25.0
"""docs.stripe.com/rate-limits; Stripe raises them per account on request."""
SEARCHES: dict[str, float] = {"GET /v1/payment_intents/search": 20 / 25}
"""Endpoints of which Stripe takes 20 calls a second where it takes 25 of others: the part of an endpoint's limit."""


def stripe_limits(
    mode: Mode,
    *,
    per_second: float | None = None,
    endpoint_per_second: float = DEFAULT_ENDPOINT_PER_SECOND,
    concurrency: int = 64,
) -> Limits:
    """Stripe's limits of an account in this mode, or the ones that it was granted, in calls a second."""
    return Limits(
        per_second=DEFAULT_PER_SECOND[mode] if per_second is None else per_second,
        endpoint_per_second=endpoint_per_second,
        endpoints={search: part * endpoint_per_second for search, part in SEARCHES.items()},
        concurrency=concurrency,
    )


@dataclass(frozen=True, slots=True)
class Timeouts:
    """How long to wait, for a connection and for the whole answer.

    Stripe's own clients wait 80 s; an answer that is later than ours is of unknown outcome, and asked for again
    under the same key.
    """

    connect: timedelta = timedelta(seconds=5)
    total: timedelta = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class StripeAccountOptions:
    """One account in one mode.

    Attributes:
        ref: its name and mode.
        secret_key: `sk_…` or `rk_…`.
        limits: how often it may be called.
        base_url: another address than Stripe's, for a stand-in; no slash at the end.
    """

    ref: StripeRef
    secret_key: SecretStr
    limits: Limits
    base_url: str | None = None
    timeouts: Timeouts = field(default_factory=Timeouts)
