"""Prometheus metrics of what waits in Magento's outbox."""

from prometheus_client import CollectorRegistry, Gauge

from sidecar.ports.magento import OutboxBacklog


class OutboxMetrics:
    """On a registry of their own; `magento` is an instance, as the settings name it."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._pending = Gauge(
            "sidecar_outbox_pending_events",
            "Events in Magento's outbox that the broker has not confirmed.",
            ["magento"],
            registry=registry,
        )
        self._parked = Gauge(
            "sidecar_outbox_parked_events",
            "Events in Magento's outbox that cannot be published as they are.",
            ["magento"],
            registry=registry,
        )
        self._oldest = Gauge(
            "sidecar_outbox_oldest_pending_seconds",
            "How long the oldest pending event in Magento's outbox has waited; 0 when none waits.",
            ["magento"],
            registry=registry,
        )

    def show(self, instance: str, backlog: OutboxBacklog) -> None:
        """What an instance just said."""
        self._pending.labels(instance).set(backlog.pending)
        self._parked.labels(instance).set(backlog.parked)
        self._oldest.labels(instance).set(backlog.oldest_seconds or 0)
