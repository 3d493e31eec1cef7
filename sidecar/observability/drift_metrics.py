"""Prometheus metrics of reconciliations."""

from prometheus_client import CollectorRegistry, Counter, Gauge


class DriftMetrics:
    """What the last reconciliation of each instance left: `magento` is the instance, `invariant` one of a fixed few."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.drift = Gauge(
            "sidecar_drift_orders",
            "Orders that break an invariant and were not mended.",
            ["magento", "invariant"],
            registry=registry,
        )
        self.checked = Gauge(
            "sidecar_reconcile_checked_orders", "Orders that were looked at.", ["magento"], registry=registry
        )
        self.repaired = Counter(
            "sidecar_reconcile_repaired", "Orders that were mended.", ["magento"], registry=registry
        )
