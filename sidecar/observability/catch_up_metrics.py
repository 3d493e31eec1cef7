"""Prometheus metrics of the look-back over Stripe's own list of events."""

from prometheus_client import CollectorRegistry, Counter, Gauge

from schemas.ids import StripeRef
from sidecar.bridge.catch_up import CatchUpReport


class CatchUpMetrics:
    """On a registry of their own, by account and mode."""

    def __init__(self, registry: CollectorRegistry) -> None:
        labels = ["account", "mode"]
        self._listed = Counter(
            "sidecar_catch_up_listed_events", "Events that Stripe listed.", labels, registry=registry
        )
        self._missed = Counter(
            "sidecar_catch_up_missed_events",
            "Events that Stripe listed and that were not done: never delivered, still waiting, or parked.",
            labels,
            registry=registry,
        )
        self._published = Counter(
            "sidecar_catch_up_published_events", "Missed events that were fed in.", labels, registry=registry
        )
        self._unreadable = Counter(
            "sidecar_catch_up_unreadable_events", "Missed events that cannot be read.", labels, registry=registry
        )
        self._gaps = Counter(
            "sidecar_catch_up_gaps",
            "Look-backs that began before the 30 days that Stripe keeps: events may be lost.",
            labels,
            registry=registry,
        )
        self._newest = Gauge(
            "sidecar_catch_up_newest_event_timestamp_seconds",
            "When the newest event happened that Stripe lists and that a webhook has to bring.",
            labels,
            registry=registry,
        )
        self._cursor = Gauge(
            "sidecar_catch_up_cursor_timestamp_seconds",
            "Up to when Stripe's list has been gone through.",
            labels,
            registry=registry,
        )

    def start(self, ref: StripeRef) -> None:
        """Show the account's counters from the start: an increase from nothing is none."""
        for counter in (self._listed, self._missed, self._published, self._unreadable, self._gaps):
            counter.labels(ref.account, ref.mode)

    def show(self, ref: StripeRef, report: CatchUpReport) -> None:
        """What a look-back found. One that another process was at tells nothing."""
        if report.skipped:
            return
        account = (ref.account, ref.mode)
        self._listed.labels(*account).inc(report.listed)
        self._missed.labels(*account).inc(report.missed)
        self._published.labels(*account).inc(report.published)
        self._unreadable.labels(*account).inc(report.unreadable)
        self._gaps.labels(*account).inc(report.gap)
        if report.newest_awaited is not None:
            self._newest.labels(*account).set(report.newest_awaited.timestamp())
        if report.cursor is not None:
            self._cursor.labels(*account).set(report.cursor.timestamp())
