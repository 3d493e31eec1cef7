"""Prometheus metrics of what a process takes from its queues, read when they are asked for."""

from prometheus_client import CollectorRegistry, Counter, Gauge

from sidecar.intake.inlet import Inlet


class IntakeMetrics:
    """Of each queue that is watched."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._intake = Gauge(
            "sidecar_intake",
            "What is taken from the queue: 2 messages, 1 one at a time to probe an upstream, 0 nothing.",
            ["queue"],
            registry=registry,
        )
        self._window = Gauge(
            "sidecar_intake_window", "Messages of the queue that may be in hand.", ["queue"], registry=registry
        )
        self._waiting = Gauge(
            "sidecar_intake_waiting", "Messages in hand that wait for their turn.", ["queue"], registry=registry
        )
        self.set_aside = Counter(
            "sidecar_intake_set_aside",
            "Messages put into the surplus queue for other stores' sake.",
            ["queue"],
            registry=registry,
        )

    def watch(self, queue: str, inlet: Inlet) -> None:
        """Show the queue from now on."""
        self._intake.labels(queue).set_function(lambda: float(inlet.intake))
        self._window.labels(queue).set_function(lambda: float(inlet.window))
        self._waiting.labels(queue).set_function(lambda: float(inlet.dispatcher.waiting))
