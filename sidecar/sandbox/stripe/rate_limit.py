"""Rate limits per account and per endpoint, over a sliding second (docs.stripe.com/rate-limits)."""

from collections import deque

from sidecar.sandbox.stripe.clock import SandboxClock
from sidecar.sandbox.stripe.config import RateLimits
from sidecar.sandbox.stripe.errors import StripeError

_LIVE = 100
_SANDBOX = 25
_WINDOW = 1.0
_HOUR = 3600.0
_INTENT_CHANGES = "POST /v1/payment_intents/{id}"


class RateLimiter:
    """The limits of one account."""

    def __init__(self, limits: RateLimits, clock: SandboxClock, *, livemode: bool) -> None:
        self._limits = limits
        self._clock = clock
        self._overall_limit = limits.overall or (_LIVE if livemode else _SANDBOX)
        self._overall: deque[float] = deque()
        self._endpoints: dict[str, deque[float]] = {}
        self._changes: dict[str, deque[float]] = {}

    def admit(self, endpoint: str, identifier: str = "") -> None:
        """Let a request in. Raises a 429 that says which limit it met; a refused request counts nowhere."""
        if not self._limits.enabled:
            return
        now = self._clock.precise()
        recent = self._endpoints.setdefault(endpoint, deque())
        for window in (self._overall, recent):
            while window and window[0] <= now - _WINDOW:
                window.popleft()
        if len(self._overall) >= self._overall_limit:
            raise rate_limited("global-rate")
        of_endpoint = self._limits.search if endpoint.endswith("/search") else self._limits.per_endpoint
        if len(recent) >= of_endpoint:
            raise rate_limited("endpoint-rate")
        if endpoint.startswith(_INTENT_CHANGES):
            self._admit_change(identifier, now)
        self._overall.append(now)
        recent.append(now)

    def _admit_change(self, intent: str, now: float) -> None:
        changes = self._changes.setdefault(intent, deque())
        while changes and changes[0] <= now - _HOUR:
            changes.popleft()
        if len(changes) >= self._limits.intent_updates_per_hour:
            raise rate_limited("resource-specific")
        changes.append(now)


def rate_limited(reason: str) -> StripeError:
    """A 429 with its reason."""
    return StripeError(
        429,
        "Request rate limit exceeded. You can learn more about rate limits here https://stripe.com/docs/rate-limits.",
        code="rate_limit",
        saved=False,
        rate_limited_reason=reason,
    )


def lock_timeout() -> StripeError:
    """A 429 that is not about the rate: the object was locked too long, and there is no reason header."""
    return StripeError(
        429,
        "This object cannot be accessed right now because another API request or Stripe process is currently "
        "accessing it. If you see this error intermittently, retry the request.",
        code="lock_timeout",
        saved=False,
    )
