"""Prometheus metrics of the bridge."""

from collections.abc import Iterable
from datetime import datetime
from functools import cache
from typing import get_args

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from sidecar.bridge.signature import Reason

_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0)

UNKNOWN = "unknown"
"""The account of an address that names none, whatever it says: a label must not grow with what strangers ask for."""


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
            "sidecar_bridge_request_duration_seconds",
            "From a valid event in hand to the broker's answer.",
            buckets=_SECONDS,
            registry=registry,
        )
        self.last_event = Gauge(
            "sidecar_bridge_last_event_timestamp_seconds",
            "When an event last came in; before the first one, when this process started.",
            ["account"],
            registry=registry,
        )

        # Looked up once for each account: a look-up by labels takes longer than to count.
        self.taken = cache(lambda account: self.requests.labels(account, "200"))
        self.last_event_of = cache(self.last_event.labels)

    def start(self, accounts: Iterable[str], now: datetime) -> None:
        """Show the accounts from the start, so that silence can be told from a metric that is not there."""
        for account in accounts:
            self.taken(account)
            for reason in get_args(Reason):
                self.signature_failures.labels(account, reason)
            self.last_event_of(account).set(now.timestamp())
