"""When a Checkout page closes."""

from datetime import datetime, timedelta

SHORTEST = timedelta(minutes=30)
LONGEST = timedelta(hours=24)
"""After its creation (docs.stripe.com/api/checkout/sessions/create)."""

SKEW = timedelta(minutes=1)
"""How far Stripe's clock and ours may be apart."""
STEP = 600
"""Seconds. A bound that moves with the clock would make every repetition of a request a different one, and a key that
is used again with other parameters is refused; so a bound moves only every ten minutes."""


def session_expiry(wanted: datetime, now: datetime) -> int:
    """The nearest moment to the wanted one that Stripe allows, in seconds since 1970."""
    earliest = -(-int((now + SHORTEST + SKEW).timestamp()) // STEP) * STEP
    latest = int((now + LONGEST - SKEW).timestamp()) // STEP * STEP
    return max(earliest, min(int(wanted.timestamp()), latest))
