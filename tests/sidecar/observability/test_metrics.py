"""What a message leaves in the metrics."""

from datetime import timedelta

import httpx
import pytest
import structlog
from prometheus_client import CollectorRegistry
from prometheus_client.openmetrics.parser import text_string_to_metric_families as open_metrics
from prometheus_client.parser import text_string_to_metric_families as plain_text

from consumers.creditmemos import CONSUMER as CREDITMEMOS
from consumers.refunds import CONSUMER as REFUNDS
from schemas.envelope import CloudEvent
from schemas.magento.creditmemo_created_v1 import CreditmemoCreatedV1
from schemas.magento.order_placed_v1 import OrderPlacedV1
from sidecar.bridge.envelope import wrap
from sidecar.errors import TransientError
from sidecar.observability.bounded_label import OTHER, BoundedLabel
from sidecar.observability.build_info import register_build_info
from sidecar.observability.health import health_app
from sidecar.observability.metrics import Metrics
from sidecar.runtime.worker import Worker, WorkerOptions
from tests.consumers.builders import ORDER, STRIPE, an_order
from tests.consumers.refund_world import World as RefundWorld
from tests.sidecar.runtime.test_worker import NOW, MemoryDelivery, World, a_message, failing

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
TRACEPARENT = f"00-{TRACE}-00f067aa0ba902b7-01"
OPEN_METRICS = "application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5"
"""How Prometheus asks."""


async def handled(world: World, order: OrderPlacedV1 | None = None, **changes: object) -> None:
    order = order or an_order(payment_method="pm_card_visa")
    world.magento.place(order)
    await world.worker().handle(MemoryDelivery(a_message(order, **changes)))


async def page(registry: CollectorRegistry, accept: str) -> str:
    transport = httpx.ASGITransport(health_app(registry, dict))
    async with httpx.AsyncClient(transport=transport, base_url="http://metrics") as http:
        return (await http.get("/metrics", headers={"accept": accept})).text


@pytest.mark.parametrize(
    ("total", "currency", "units", "exponent"),
    [("87.48", "USD", 8748, 2), ("1500", "JPY", 1500, 0), ("12.340", "KWD", 12340, 3)],
)
async def test_captured_money_is_counted_in_whole_smallest_units(
    total: str, currency: str, units: int, exponent: int
) -> None:
    world = World()
    await handled(world, an_order(total=total, currency=currency, payment_method="pm_card_visa"))
    value = world.registry.get_sample_value
    assert value("sidecar_money_captured_minor_units_total", {"currency": currency}) == units
    assert value("sidecar_currency_exponent", {"currency": currency}) == exponent


async def test_money_and_times_are_counted_once_for_copies_of_an_event() -> None:
    world = World()
    for _ in range(3):
        await handled(world)
    value = world.registry.get_sample_value
    assert value("sidecar_money_captured_minor_units_total", {"currency": "USD"}) == 8748
    assert value("sidecar_order_to_paid_seconds_count") == 1
    assert value("sidecar_payment_to_paid_seconds_count") == 1


async def test_the_time_to_paid_begins_with_the_event_that_the_order_was_paid_by() -> None:
    world = World()
    later = NOW + timedelta(hours=5)
    await handled(world, time=later.isoformat())
    value = world.registry.get_sample_value
    placed, paid_by = value("sidecar_order_to_paid_seconds_sum"), value("sidecar_payment_to_paid_seconds_sum")
    assert placed is not None
    assert paid_by is not None
    assert placed - paid_by == pytest.approx(5 * 3600, abs=30)


async def test_a_message_shows_how_old_it_is() -> None:
    world = World()
    await handled(world, time=(NOW - timedelta(minutes=10)).isoformat())
    assert world.registry.get_sample_value("sidecar_message_age_seconds_sum", {"queue": "orders"}) == 600


async def test_a_message_from_the_future_is_no_age_below_nothing() -> None:
    world = World()
    await handled(world, time=(NOW + timedelta(minutes=10)).isoformat())
    assert world.registry.get_sample_value("sidecar_message_age_seconds_sum", {"queue": "orders"}) == 0


async def test_a_declined_card_is_counted_by_its_reason() -> None:
    world = World()
    await handled(world, an_order(payment_method="pm_card_visa_chargeDeclinedInsufficientFunds"))
    assert world.registry.get_sample_value("sidecar_payment_failures_total", {"code": "insufficient_funds"}) == 1


async def test_a_message_that_nobody_can_read_is_of_unknown_type() -> None:
    world = World()
    await world.worker().handle(MemoryDelivery(b"{"))
    labels = {"queue": "orders", "type": "unknown", "outcome": "park", "reason": "invalid_json"}
    assert world.registry.get_sample_value("sidecar_messages_total", labels) == 1


@pytest.mark.parametrize("name", ["sidecar_message_duration_seconds", "sidecar_payment_to_paid_seconds"])
async def test_a_histogram_names_the_trace_of_a_message(name: str) -> None:
    world = World()
    await handled(world, traceparent=TRACEPARENT)
    found = [
        sample.exemplar.labels
        for family in open_metrics(await page(world.registry, OPEN_METRICS))  # type: ignore[no-untyped-call]
        if family.name == name
        for sample in family.samples
        if sample.exemplar
    ]
    assert found == [{"trace_id": TRACE}]


async def test_a_parked_message_names_its_trace() -> None:
    world = World()
    await world.worker(failing(TransientError("stripe", "http_503"))).handle(
        MemoryDelivery(a_message(traceparent=TRACEPARENT), attempt=3)
    )
    assert f'trace_id="{TRACE}"' in await page(world.registry, OPEN_METRICS)


async def test_who_asks_for_plain_text_gets_it_without_exemplars() -> None:
    world = World()
    await handled(world, traceparent=TRACEPARENT)
    text = await page(world.registry, "text/plain")
    assert "sidecar_messages_total" in {sample.name for family in plain_text(text) for sample in family.samples}
    assert TRACE not in text


async def test_a_process_says_what_it_is() -> None:
    registry = CollectorRegistry()
    register_build_info(registry, "bridge")
    (sample,) = [sample for family in plain_text(await page(registry, "")) for sample in family.samples]
    assert sample.value == 1
    assert sample.labels["role"] == "bridge"
    assert sample.labels["version"]


def test_a_label_does_not_grow_without_end() -> None:
    bounded = BoundedLabel(limit=3)
    assert [bounded(f"code_{number}") for number in range(5)] == ["code_0", "code_1", "code_2", OTHER, OTHER]
    assert bounded("code_1") == "code_1"


@pytest.mark.parametrize("value", ["", "Card declined", "a" * 65, "grace@example.com", 'x"y', "naïve"])
def test_a_label_takes_no_value_of_another_form(value: str) -> None:
    assert BoundedLabel()(value) == OTHER


async def test_money_that_goes_back_is_counted_and_money_that_does_not_alerts() -> None:
    world = RefundWorld()
    registry = CollectorRegistry()
    worker = Worker(CREDITMEMOS, world.ports, Metrics(registry), WorkerOptions(max_attempts=3))
    refunds = Worker(REFUNDS, world.ports, Metrics(CollectorRegistry()), WorkerOptions(max_attempts=3))
    await world.order_placed()
    value = registry.get_sample_value

    async def a_memo(amount: str) -> None:
        memo = world.magento.refund_in_magento(ORDER.order_id, {}, shipping="0", adjustment=amount)
        event = CloudEvent[CreditmemoCreatedV1](
            id=f"memo-{memo.creditmemo_id}", source="/magento/shop", type=memo.TYPE, time=NOW, data=memo
        )
        await worker.handle(MemoryDelivery(event.model_dump_json().encode(), queue="creditmemos"))

    await a_memo("1.23")
    assert value("sidecar_money_refunded_minor_units_total", {"currency": "USD"}) == 123
    assert value("sidecar_refund_failures_total", {"outcome": "refused"}) is None
    world.stripe.disputed.add(world.intent.id)
    with structlog.testing.capture_logs() as logs:
        await a_memo("2.00")
    assert value("sidecar_money_refunded_minor_units_total", {"currency": "USD"}) == 123
    assert value("sidecar_refund_failures_total", {"outcome": "refused"}) == 1
    (line,) = (each for each in logs if each["event"] == "refund failed")
    assert (line["log_level"], line["code"], line["creditmemo"], line["amount"]) == (
        "error",
        "charge_disputed",
        2,
        "2.00 USD",
    )
    failing_refund = world.stripe.settle_refund(world.stripe.refunds[0].id, "failed")
    (raw,) = world.events("refund.failed")
    body = wrap(raw.body, STRIPE, TRACEPARENT).body
    with structlog.testing.capture_logs() as logs:
        await refunds.handle(MemoryDelivery(body, queue="refunds"))
    assert [(each["refund"], each["outcome"]) for each in logs if each["event"] == "refund failed"] == [
        (failing_refund.id, "failed")
    ]
