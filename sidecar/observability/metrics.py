"""Prometheus metrics of consumers. Labels are bounded: names of ours and short constants, never ids or persons.

Naming: prometheus.io/docs/practices/naming (base units, `_total`).
"""

from datetime import UTC, datetime

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from typing_extensions import override

from schemas.contract import Frozen
from sidecar.effects.effect import Effect
from sidecar.effects.record_capture import RecordCapture
from sidecar.effects.refund_payment import RefundPayment
from sidecar.errors import UpstreamError
from sidecar.executor import EffectObserver
from sidecar.ports.magento import WriteBack

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
_ORDER_SECONDS = (0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 15.0, 60.0, 300.0, 3600.0, 86400.0)


class Metrics(EffectObserver):
    """The metrics of one process, on a registry of their own."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.registry = registry
        self.messages = Counter(
            "sidecar_messages", "Messages settled.", ["queue", "outcome", "reason"], registry=registry
        )
        self.message_seconds = Histogram(
            "sidecar_message_duration_seconds", "Handling of a message.", ["queue"], buckets=_SECONDS, registry=registry
        )
        self.in_flight = Gauge("sidecar_messages_in_flight", "Messages in hand.", ["queue"], registry=registry)
        self.inbox_hits = Counter("sidecar_inbox_hits", "Events that were done already.", ["queue"], registry=registry)
        self.retries = Counter(
            "sidecar_retries", "Messages put on the ladder.", ["queue", "rung", "reason"], registry=registry
        )
        self.parked = Counter("sidecar_parked", "Messages dead-lettered.", ["queue", "reason"], registry=registry)
        self.effects = Counter("sidecar_effects", "Effects, by result.", ["effect", "result"], registry=registry)
        self.effect_seconds = Histogram(
            "sidecar_effect_duration_seconds", "An effect.", ["effect"], buckets=_SECONDS, registry=registry
        )
        self.upstream_errors = Counter(
            "sidecar_upstream_errors", "What upstreams refused or failed.", ["upstream", "code"], registry=registry
        )
        self.captured = Counter(
            "sidecar_money_captured_units", "Money captured, in units of the currency.", ["currency"], registry=registry
        )
        self.refunded = Counter(
            "sidecar_money_refunded_units",
            "Money given back, in units of the currency.",
            ["currency"],
            registry=registry,
        )
        self.order_to_paid = Histogram(
            "sidecar_order_to_paid_seconds",
            "From the order's event to the order paid in Magento.",
            buckets=_ORDER_SECONDS,
            registry=registry,
        )
        self.connected = Gauge("sidecar_broker_connected", "1 while consuming.", ["queue"], registry=registry)

    @override
    def effect_done(self, effect: Effect, result: Frozen, seconds: float) -> None:
        name = type(effect).__name__
        self.effects.labels(name, "done").inc()
        self.effect_seconds.labels(name).observe(seconds)
        if isinstance(effect, RecordCapture) and isinstance(result, WriteBack) and result.outcome == "applied":
            self.captured.labels(effect.payment.currency).inc(float(effect.payment.amount))
            self.order_to_paid.observe(max(0.0, (datetime.now(UTC) - effect.placed_at).total_seconds()))
        if isinstance(effect, RefundPayment):
            self.refunded.labels(effect.amount.currency).inc(float(effect.amount.to_decimal()))

    @override
    def effect_failed(self, effect: Effect, error: UpstreamError, seconds: float) -> None:
        name = type(effect).__name__
        self.effects.labels(name, "failed").inc()
        self.effect_seconds.labels(name).observe(seconds)
        self.upstream_errors.labels(error.upstream, error.code).inc()
