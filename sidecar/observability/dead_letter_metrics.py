"""Prometheus metrics of dead letters, from the record that is kept of them."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from prometheus_client import CollectorRegistry, Gauge

from sidecar.observability.bounded_label import BoundedLabel
from sidecar.ports.parked import ParkedSummary


class DeadLetterMetrics:
    """On a registry of their own. Reasons are short constants, ours and Stripe's; see `BoundedLabel`."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._count = Gauge(
            "sidecar_dead_letter_messages",
            "Dead letters of a queue, by reason.",
            ["queue", "reason"],
            registry=registry,
        )
        self._oldest = Gauge(
            "sidecar_dead_letter_oldest_seconds",
            "How long the oldest dead letter of a queue has lain there; 0 when none does.",
            ["queue"],
            registry=registry,
        )
        self._reason = BoundedLabel()

    def show(self, queues: Sequence[str], summaries: Sequence[ParkedSummary], now: datetime) -> None:
        """What lies there now, in these queues."""
        counts: dict[tuple[str, str], int] = defaultdict(int)
        for each in summaries:
            counts[each.queue, self._reason(each.reason)] += each.count
        self._count.clear()  # What is dealt with must not be shown for ever.
        for (queue, reason), count in counts.items():
            self._count.labels(queue, reason).set(count)
        for queue in queues:
            oldest = min((each.oldest for each in summaries if each.queue == queue), default=now)
            self._oldest.labels(queue).set(max(0.0, (now - oldest).total_seconds()))
