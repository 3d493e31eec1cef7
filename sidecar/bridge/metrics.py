"""Prometheus metrics of the bridge."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0)


class BridgeMetrics:
    """On a registry of their own. `account` is one of the settings' names, or `unknown`."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.registry = registry
        self.requests = Counter(
            "sidecar_bridge_requests", "Webhook requests.", ["account", "status"], registry=registry
        )
        self.signature_failures = Counter(
            "sidecar_bridge_signature_failures", "Signatures refused.", ["account", "reason"], registry=registry
        )
        self.seconds = Histogram(
            "sidecar_bridge_request_duration_seconds", "Body in hand to answer.", buckets=_SECONDS, registry=registry
        )
        self.last_event = Gauge(
            "sidecar_bridge_last_event_timestamp_seconds", "When an event last came in.", ["account"], registry=registry
        )
