"""Prometheus metrics of the calls to Magento."""

from prometheus_client import CollectorRegistry, Counter, Histogram

from schemas.ids import Instance
from sidecar.observability.in_hand import exemplar

_SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)


class MagentoMetrics:
    """`sidecar.adapters.magento_observer.MagentoObserver`.

    The label is `magento` and not `instance`, which Prometheus itself puts on every series.
    """

    def __init__(self, registry: CollectorRegistry) -> None:
        labels = ["magento", "operation"]
        self._seconds = Histogram(
            "sidecar_magento_request_duration_seconds",
            "A call to Magento.",
            labels,
            buckets=_SECONDS,
            registry=registry,
        )
        self._calls = Counter("sidecar_magento_requests", "Calls to Magento.", [*labels, "code"], registry=registry)

    def answered(self, instance: Instance, operation: str, code: str, seconds: float) -> None:
        """The call is over."""
        self._seconds.labels(instance, operation).observe(seconds, exemplar())
        self._calls.labels(instance, operation, code).inc()
