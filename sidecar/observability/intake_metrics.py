"""Prometheus metrics of what a process takes from its queues, read when they are asked for."""

from collections.abc import Iterable, Mapping

from prometheus_client import CollectorRegistry
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector
from typing_extensions import override

from sidecar.intake.inlet import Inlet


class IntakeMetrics(Collector):
    """Of the inlets by their queue; those that come later are shown as well."""

    def __init__(self, registry: CollectorRegistry, inlets: Mapping[str, Inlet]) -> None:
        self._inlets = inlets
        registry.register(self)

    @override
    def collect(self) -> Iterable[Metric]:
        intake = GaugeMetricFamily(
            "sidecar_intake",
            "What is taken from the queue: 2 messages, 1 one at a time to probe an upstream, 0 nothing.",
            labels=["queue"],
        )
        window = GaugeMetricFamily(
            "sidecar_intake_window", "Messages of the queue that may be in hand.", labels=["queue"]
        )
        waiting = GaugeMetricFamily(
            "sidecar_intake_waiting", "Messages in hand that wait for their turn.", labels=["queue"]
        )
        aside = CounterMetricFamily(
            "sidecar_intake_set_aside", "Messages put into the surplus queue for others' sake.", labels=["queue"]
        )
        for queue, inlet in self._inlets.items():
            intake.add_metric([queue], float(inlet.intake))
            window.add_metric([queue], float(inlet.window))
            waiting.add_metric([queue], float(inlet.dispatcher.waiting))
            aside.add_metric([queue], float(inlet.dispatcher.set_aside))
        return intake, window, waiting, aside
