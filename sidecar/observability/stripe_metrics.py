"""Prometheus metrics of the calls to Stripe."""

from prometheus_client import CollectorRegistry, Counter, Histogram

from schemas.ids import StripeRef
from sidecar.observability.in_hand import exemplar

_SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)


class StripeMetrics:
    """`sidecar.adapters.stripe.observer.StripeObserver`; operations are templates, never an object's own path.

    The label is not `endpoint`, which the Prometheus Operator puts on every series.
    """

    def __init__(self, registry: CollectorRegistry) -> None:
        labels = ["account", "mode", "operation"]
        self._waited = Histogram(
            "sidecar_limiter_wait_seconds", "Waiting for a turn.", labels, buckets=_SECONDS, registry=registry
        )
        self._seconds = Histogram(
            "sidecar_stripe_request_duration_seconds", "A call to Stripe.", labels, buckets=_SECONDS, registry=registry
        )
        self._calls = Counter("sidecar_stripe_requests", "Calls to Stripe.", [*labels, "code"], registry=registry)
        self._throttled = Counter(
            "sidecar_stripe_throttled", "Calls that Stripe refused as too many.", [*labels, "reason"], registry=registry
        )

    def waited(self, stripe: StripeRef, endpoint: str, seconds: float) -> None:
        """The call waited so long for its turn."""
        self._waited.labels(stripe.account, stripe.mode, endpoint).observe(seconds, exemplar())

    def answered(self, stripe: StripeRef, endpoint: str, code: str, seconds: float) -> None:
        """The call is over."""
        self._seconds.labels(stripe.account, stripe.mode, endpoint).observe(seconds, exemplar())
        self._calls.labels(stripe.account, stripe.mode, endpoint, code).inc()

    def throttled(self, stripe: StripeRef, endpoint: str, reason: str) -> None:
        """Stripe refused it for being too many."""
        self._throttled.labels(stripe.account, stripe.mode, endpoint, reason).inc()
