"""Prometheus metrics of consumers. Labels are bounded: names of ours and short constants, never ids or persons.

Naming: prometheus.io/docs/practices/naming (base units, `_total`).
"""

from datetime import UTC, datetime, timedelta

import structlog
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from typing_extensions import override

from schemas.catalog import CATALOG
from schemas.commerce.refund_failed_v1 import RefundFailedV1
from schemas.contract import Frozen
from schemas.money import EXPONENTS, Money
from schemas.stripe.refund import Refund
from sidecar.effects.effect import Effect
from sidecar.effects.publish_event import PublishEvent
from sidecar.effects.record_capture import RecordCapture
from sidecar.effects.record_payment_failure import RecordPaymentFailure
from sidecar.effects.refund_effect import RefundAnswer, RefundEffect
from sidecar.errors import UpstreamError
from sidecar.executor import EffectObserver
from sidecar.observability.bounded_label import BoundedLabel
from sidecar.observability.in_hand import exemplar, in_hand
from sidecar.ports.magento import WriteBack

log = structlog.get_logger("sidecar.refunds")

SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
LONG_SECONDS = (0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 15.0, 60.0, 300.0, 900.0, 3600.0, 86400.0)


class Metrics(EffectObserver):
    """The metrics of one process, on a registry of their own.

    Money is counted in the currency's smallest unit: a Prometheus value is a float, which holds whole numbers up to
    2^53 exactly and hundredths not at all. `sidecar_currency_exponent` says where the decimal point goes.
    """

    def __init__(self, registry: CollectorRegistry) -> None:
        self.registry = registry
        self.messages = Counter(
            "sidecar_messages",
            "Messages settled: `done`, `skip`, `retry` or `park`; `type` is the contract, `reason` empty for `done`.",
            ["queue", "type", "outcome", "reason"],
            registry=registry,
        )
        self.message_seconds = Histogram(
            "sidecar_message_duration_seconds",
            "Handling of a message, from its delivery to its settlement.",
            ["queue"],
            buckets=SECONDS,
            registry=registry,
        )
        self.message_age = Histogram(
            "sidecar_message_age_seconds",
            "How long ago what a message tells of had happened when it was taken in hand, at each attempt.",
            ["queue"],
            buckets=LONG_SECONDS,
            registry=registry,
        )
        self.in_flight = Gauge("sidecar_messages_in_flight", "Messages in hand.", ["queue"], registry=registry)
        self.inbox_hits = Counter("sidecar_inbox_hits", "Events that were done already.", ["queue"], registry=registry)
        self.retries = Counter(
            "sidecar_retries", "Messages put on the ladder.", ["queue", "rung", "reason"], registry=registry
        )
        self.parked = Counter("sidecar_parked", "Messages dead-lettered.", ["queue", "reason"], registry=registry)
        self.effects = Counter(
            "sidecar_effects", "Effects, by result: `done` or `failed`.", ["effect", "result"], registry=registry
        )
        self.effect_seconds = Histogram(
            "sidecar_effect_duration_seconds",
            "An effect, from its entry in the ledger to its result.",
            ["effect"],
            buckets=SECONDS,
            registry=registry,
        )
        self.upstream_errors = Counter(
            "sidecar_upstream_errors",
            "Effects that an upstream refused or failed, by its code.",
            ["upstream", "code"],
            registry=registry,
        )
        self.published = Counter(
            "sidecar_events_published",
            "Events that were published to the systems behind the shop, by contract.",
            ["type"],
            registry=registry,
        )
        for contract in CATALOG.values():
            if contract.exchange == "commerce.events":
                self.published.labels(contract.name)  # from the start: an increase from nothing is none
        self.payment_failures = Counter(
            "sidecar_payment_failures",
            "Failed attempts to pay that Magento was told of, by Stripe's decline code, or its error code.",
            ["code"],
            registry=registry,
        )
        self.refund_failures = Counter(
            "sidecar_refund_failures",
            "Money that was to go back and did not: Stripe `refused` it, or it `failed` or was `canceled` later.",
            ["outcome"],
            registry=registry,
        )
        self.captured = Counter(
            "sidecar_money_captured_minor_units",
            "Money captured, in the smallest unit of the currency.",
            ["currency"],
            registry=registry,
        )
        self.refunded = Counter(
            "sidecar_money_refunded_minor_units",
            "Money given back, in the smallest unit of the currency.",
            ["currency"],
            registry=registry,
        )
        self.currency_exponent = Gauge(
            "sidecar_currency_exponent",
            "Decimals of a currency, as Stripe counts them: 2 for EUR, 0 for JPY. Shown once money has moved in it.",
            ["currency"],
            registry=registry,
        )
        self.order_to_paid = Histogram(
            "sidecar_order_to_paid_seconds",
            "From an order's placement to the order paid in Magento, the shopper's own time included.",
            buckets=LONG_SECONDS,
            registry=registry,
        )
        self.payment_to_paid = Histogram(
            "sidecar_payment_to_paid_seconds",
            "From the event that an order is paid by (the order with a card, Stripe's word of a payment) to the order "
            "paid in Magento.",
            buckets=LONG_SECONDS,
            registry=registry,
        )
        self.connected = Gauge("sidecar_broker_connected", "1 while consuming.", ["queue"], registry=registry)
        self._failure_code = BoundedLabel()

    def start(self, queue: str) -> None:
        """Show a queue from the start, so that nothing handled can be told from nothing there."""
        for each in (self.message_seconds, self.message_age, self.in_flight, self.inbox_hits):
            each.labels(queue)

    def taken(self, queue: str, age: timedelta) -> None:
        """A message was taken in hand; what it tells of happened so long ago."""
        self.message_age.labels(queue).observe(_seconds(age), exemplar())

    @override
    def effect_done(self, effect: Effect, result: Frozen, seconds: float) -> None:
        name = type(effect).__name__
        self.effects.labels(name, "done").inc(exemplar=exemplar())
        self.effect_seconds.labels(name).observe(seconds, exemplar())
        match effect, result:
            case RecordCapture(), WriteBack(outcome="applied"):
                self._captured(effect)
            case RecordPaymentFailure(), WriteBack(outcome="applied"):
                failure = effect.failure
                self.payment_failures.labels(self._failure_code(failure.decline_code or failure.code)).inc()
            case RefundEffect(), RefundAnswer(refund=Refund()):
                self._moved(self.refunded, effect.amount)
            case PublishEvent(), _:
                self.published.labels(effect.type).inc()
                if isinstance(effect.data, RefundFailedV1):
                    self._refund_failed(effect.data)
            case _:
                pass

    @override
    def effect_failed(self, effect: Effect, error: UpstreamError, seconds: float) -> None:
        name = type(effect).__name__
        self.effects.labels(name, "failed").inc(exemplar=exemplar())
        self.effect_seconds.labels(name).observe(seconds, exemplar())
        self.upstream_errors.labels(error.upstream, error.code).inc()

    def _captured(self, effect: RecordCapture) -> None:
        payment, now = effect.payment, datetime.now(UTC)
        self._moved(self.captured, Money.from_decimal(payment.amount, payment.currency))
        self.order_to_paid.observe(_seconds(now - effect.placed_at), exemplar())
        message = in_hand()
        if message is not None:
            self.payment_to_paid.observe(_seconds(now - message.happened_at), exemplar())

    def _refund_failed(self, failed: RefundFailedV1) -> None:
        """Somebody has to see to it: it is the one line of the log that says so."""
        self.refund_failures.labels(failed.outcome).inc(exemplar=exemplar())
        log.error(
            "refund failed",
            order=str(failed.ref),
            outcome=failed.outcome,
            code=failed.code,
            amount=str(failed.amount),
            refund=failed.refund,
            creditmemo=failed.creditmemo_id,
        )

    def _moved(self, counter: Counter, money: Money) -> None:
        counter.labels(money.currency).inc(money.minor_units)
        self.currency_exponent.labels(money.currency).set(EXPONENTS[money.currency])


def _seconds(passed: timedelta) -> float:
    """Two machines' clocks differ a little: what seems to lie ahead is now."""
    return max(0.0, passed.total_seconds())
