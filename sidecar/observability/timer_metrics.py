"""Prometheus metrics of what happens by the clock."""

from prometheus_client import CollectorRegistry, Counter, Gauge


class TimerMetrics:
    """On a registry of their own. `timer` is a name of ours, with an account's where there is one job for each."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.runs = Counter("sidecar_timer_runs", "Runs of a timer's job.", ["timer", "result"], registry=registry)
        self.last_success = Gauge(
            "sidecar_timer_last_success_timestamp_seconds",
            "When a timer's job last went well.",
            ["timer"],
            registry=registry,
        )
