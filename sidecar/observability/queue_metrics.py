"""Prometheus metrics of what waits in queues, as the broker itself counts it."""

from prometheus_client import CollectorRegistry, Gauge


class QueueMetrics:
    """On a registry of their own. `queue` is a consumer's name, a rung of the ladder, or `unrouted`: no prefix."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.messages = Gauge(
            "sidecar_queue_messages",
            "Messages that wait in a queue; `kind` is `work`, `surplus`, `dead_letter`, `retry` or `unrouted`.",
            ["queue", "kind"],
            registry=registry,
        )
        self.consumers = Gauge(
            "sidecar_queue_consumers", "Consumers of a work queue, of all processes.", ["queue"], registry=registry
        )
