"""How spans hang together, and that there are none unless somebody asked."""

import sys
from datetime import UTC, datetime, timedelta

import httpx
import orjson
import pytest
import typer
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind, StatusCode, format_trace_id
from prometheus_client import CollectorRegistry
from pydantic import SecretStr

from consumers.stripe_events import CONSUMER as STRIPE_EVENTS
from schemas.contract import Frozen
from schemas.ids import AccountAlias, StripeRef
from sidecar.adapters.magento_rest.client import MagentoClient
from sidecar.bridge.app import Account, Bridge, BridgeOptions
from sidecar.bridge.metrics import BridgeMetrics
from sidecar.cli.tracing import traced
from sidecar.errors import TransientError
from sidecar.observability.health import health_app
from sidecar.observability.otel import recording
from sidecar.observability.tracing import is_recording, span
from sidecar.ports.records import TimelineEntry
from sidecar.settings.sections import Tracing
from sidecar.settings.settings import Settings
from tests.consumers.builders import ORDER, an_order
from tests.fakes.publisher import MemoryPublisher
from tests.sidecar.bridge.test_app import PATH, StoppedClock, an_event, signed
from tests.sidecar.observability.collector import collecting
from tests.sidecar.runtime.test_worker import NOW, MemoryDelivery, World, a_message, failing

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
PARENT = "00f067aa0ba902b7"
TRACEPARENT = f"00-{TRACE}-{PARENT}-01"


class Spans:
    """What was recorded, once it is over."""

    def __init__(self, exporter: InMemorySpanExporter) -> None:
        self._exporter = exporter

    def __call__(self) -> dict[str, ReadableSpan]:
        return {each.name: each for each in self._exporter.get_finished_spans()}


def trace_of(each: ReadableSpan) -> str:
    return format_trace_id(each.context.trace_id)


@pytest.fixture
def exporter() -> InMemorySpanExporter:
    return InMemorySpanExporter()


async def paid(world: World, **changes: object) -> None:
    order = an_order(payment_method="pm_card_visa")
    world.magento.place(order)
    await world.worker().handle(MemoryDelivery(a_message(order, **changes)))


async def test_an_order_and_all_that_it_leads_to_is_one_trace(exporter: InMemorySpanExporter) -> None:
    world, placed = World(), NOW - timedelta(seconds=3)
    with recording(Tracing(), "run", exporter):
        await paid(world, traceparent=TRACEPARENT, time=placed.isoformat())
    spans = Spans(exporter)()
    work = spans["process orders"]
    assert work.kind is SpanKind.CONSUMER
    assert work.parent is not None
    assert (trace_of(work), f"{work.parent.span_id:016x}") == (TRACE, PARENT)
    way = spans["outbox and queue"]
    assert way.parent is not None
    assert (trace_of(way), f"{way.parent.span_id:016x}") == (TRACE, PARENT)
    assert (way.start_time, way.end_time) == (int(placed.timestamp()) * 10**9, int(NOW.timestamp()) * 10**9)
    for effect in ("CreatePaymentIntent", "RecordCapture", "PublishEvent"):
        parent = spans[effect].parent
        assert parent is not None
        assert parent.span_id == work.context.span_id
    story = await world.ports.store.timeline.read(ORDER)
    assert {line.trace_id for line in story} == {TRACE}


async def test_what_is_published_is_a_child_of_what_published_it(exporter: InMemorySpanExporter) -> None:
    world = World()
    with recording(Tracing(), "run", exporter):
        await paid(world, traceparent=TRACEPARENT)
    publisher = world.ports.publisher
    assert isinstance(publisher, MemoryPublisher)
    (message,) = publisher.messages
    effect = Spans(exporter)()["PublishEvent"]
    assert message.traceparent == f"00-{TRACE}-{effect.context.span_id:016x}-01"
    assert orjson.loads(message.body)["traceparent"] == message.traceparent


async def test_a_message_without_a_trace_begins_one_that_its_story_names(exporter: InMemorySpanExporter) -> None:
    world = World()
    with recording(Tracing(), "run", exporter):
        await paid(world)
    story = await world.ports.store.timeline.read(ORDER)
    assert {line.trace_id for line in story} == {trace_of(Spans(exporter)()["process orders"])}


async def test_stripes_word_of_a_payment_is_linked_with_the_orders_trace(exporter: InMemorySpanExporter) -> None:
    world = World()
    await paid(world, traceparent=TRACEPARENT)
    (intent,) = world.stripe.intents
    event = {
        "specversion": "1.0",
        "id": "evt_1",
        "source": "/stripe/main/test",
        "type": "stripe.event.v1",
        "time": NOW.isoformat(),
        "data": an_event(data={"object": {"object": "payment_intent", "id": intent.id}}),
    }
    with recording(Tracing(), "run", exporter):
        await world.worker(STRIPE_EVENTS).handle(MemoryDelivery(orjson.dumps(event), queue="stripe-events"))
    work = Spans(exporter)()["process stripe-events"]
    assert trace_of(work) != TRACE
    assert [format_trace_id(link.context.trace_id) for link in work.links] == [TRACE]
    assert (work.attributes or {})["sidecar.subject"] == str(ORDER)


async def test_a_failure_is_noted_by_its_code_and_not_in_its_words(exporter: InMemorySpanExporter) -> None:
    world = World()
    error = TransientError("stripe", "http_503", "grace@example.com could not be reached")
    with recording(Tracing(), "run", exporter):
        await world.worker(failing(error)).handle(MemoryDelivery(a_message(traceparent=TRACEPARENT)))
    work = Spans(exporter)()["process orders"]
    assert (work.status.status_code, work.status.description) == (StatusCode.ERROR, "http_503")
    assert "grace" not in work.to_json()


async def test_spans_hold_nothing_of_a_person(exporter: InMemorySpanExporter) -> None:
    world = World()
    with recording(Tracing(), "run", exporter):
        await paid(world, traceparent=TRACEPARENT)
    told = " ".join(each.to_json() for each in exporter.get_finished_spans())
    for personal in ("grace", "Hopper", "Navy", "5550100", "4242"):
        assert personal not in told


class _Anything(Frozen):
    pass


async def test_magento_is_told_the_trace_only_while_spans_are_recorded(exporter: InMemorySpanExporter) -> None:
    sent: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        sent.append(request)
        return httpx.Response(200, json={})

    async with httpx.AsyncClient(base_url="http://shop", transport=httpx.MockTransport(answer)) as http:
        await MagentoClient(http).get("orders/42", _Anything)
        with recording(Tracing(), "run", exporter), span("work", parent=TRACEPARENT):
            await MagentoClient(http).get("orders/42", _Anything)
    call = Spans(exporter)()["GET /V1/orders/{id}"]
    assert [request.headers.get("traceparent") for request in sent] == [
        None,
        f"00-{TRACE}-{call.context.span_id:016x}-01",
    ]


@pytest.mark.parametrize("ratio", [0.0, 1.0])
async def test_so_many_traces_are_kept_as_was_asked_for(exporter: InMemorySpanExporter, ratio: float) -> None:
    with recording(Tracing(sample_ratio=ratio), "run", exporter):
        await paid(World(), traceparent=TRACEPARENT)
    assert bool(exporter.get_finished_spans()) is bool(ratio)


async def test_nobody_records_unless_asked() -> None:
    world = World()
    await paid(world, traceparent=TRACEPARENT)
    assert not is_recording()
    with span("work", parent=TRACEPARENT) as work:
        assert work.trace_id is None


@pytest.fixture
def publisher() -> MemoryPublisher:
    return MemoryPublisher()


def bridge(publisher: MemoryPublisher) -> httpx.AsyncClient:
    registry = CollectorRegistry()
    ref = StripeRef(account=AccountAlias("main"), mode="test")
    options = BridgeOptions(accounts={"main": Account(ref, (SecretStr("whsec_1"),))})
    app = Bridge(options, publisher, StoppedClock(), BridgeMetrics(registry), health_app(registry, dict))
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://bridge")


async def test_a_webhook_begins_the_trace_of_its_event(
    exporter: InMemorySpanExporter, publisher: MemoryPublisher
) -> None:
    body = orjson.dumps(an_event())
    with recording(Tracing(), "bridge", exporter):
        async with bridge(publisher) as http:
            await http.post(PATH, content=body, headers=signed(body))
    request = Spans(exporter)()["POST /webhooks/stripe/{account}"]
    (message,) = publisher.messages
    assert request.kind is SpanKind.SERVER
    assert (message.traceparent or "").startswith(f"00-{trace_of(request)}-{request.context.span_id:016x}-")


async def test_who_cannot_sign_leaves_no_trace(exporter: InMemorySpanExporter, publisher: MemoryPublisher) -> None:
    body = orjson.dumps(an_event())
    with recording(Tracing(), "bridge", exporter):
        async with bridge(publisher) as http:
            answer = await http.post(PATH, content=body, headers=signed(body, secret="whsec_other"))
    assert answer.status_code == 400
    assert exporter.get_finished_spans() == ()


def a_settings(**tracing: object) -> Settings:
    return Settings.model_validate(
        {
            "broker": {"url": "amqp://broker/"},
            "store": {"url": "mysql://store/sidecar"},
            "stripe": {"main": {"mode": "test", "secret_key": "sk_test_1"}},
            "magento": {"shop": {"base_url": "https://shop.example", "token": "t"}},
            "stores": [{"instance": "shop", "stripe": "main"}],
            "tracing": tracing,
        }
    )


def test_spans_reach_a_collector_with_its_headers() -> None:
    with collecting() as collector:
        settings = a_settings(otlp_endpoint=f"{collector.url}/", otlp_headers="x-key=secret-1, x-other=2")
        with traced(settings, "timers"), span("timer queues", sidecar__attempt=1):
            pass
    (collected,) = collector.spans
    assert (collected.service, collected.name) == ("sidecar-timers", "timer queues")
    assert collected.attributes == {"sidecar.attempt": "1"}
    assert (collector.headers[0]["x-key"], collector.headers[0]["x-other"]) == ("secret-1", "2")


def test_without_a_collector_nothing_is_recorded() -> None:
    with traced(a_settings(), "run"):
        assert not is_recording()


def test_a_collector_without_opentelemetry_is_refused_with_what_to_do(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "sidecar.observability.otel", None)
    with pytest.raises(typer.Exit):
        traced(a_settings(otlp_endpoint="http://127.0.0.1:4318"), "run")
    assert "magento-stripe-sidecar[tracing]" in capsys.readouterr().err


async def test_an_order_of_several_traces_is_linked_with_them(exporter: InMemorySpanExporter) -> None:
    world = World()
    entry = TimelineEntry(ORDER, datetime.now(UTC), "orders", "x", "x", trace_id=TRACE)
    await world.ports.store.timeline.append([entry])
    with recording(Tracing(), "run", exporter):
        await paid(world)
    work = Spans(exporter)()["process orders"]
    assert [format_trace_id(link.context.trace_id) for link in work.links] == [TRACE]
    assert (work.attributes or {})["sidecar.outcome"] == "done"
