"""What the bridge answers, request by request."""

import asyncio
import hmac
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import httpx
import orjson
import pytest
from prometheus_client import CollectorRegistry
from pydantic import SecretStr

from schemas.envelope import CloudEvent
from schemas.ids import AccountAlias, StripeRef
from schemas.stripe.event_v1 import StripeEventV1
from sidecar.bridge.app import Account, Bridge, BridgeOptions
from sidecar.bridge.metrics import BridgeMetrics
from sidecar.observability.health import health_app, serve_health
from tests.fakes.publisher import MemoryPublisher
from tests.sidecar.bridge.test_signature import sign

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
JSON = {"Content-Type": "application/json"}
SECRET = "whsec_1"
PATH = "/webhooks/stripe/main"


class StoppedClock:
    def now(self) -> datetime:
        return NOW


def an_event(**fields: Any) -> dict[str, Any]:
    intent = {
        "object": "payment_intent",
        "id": "pi_1",
        "status": "succeeded",
        "amount": 1099,
        "currency": "usd",
        "created": 1_795_000_000,
        "livemode": False,
        "metadata": {"magento_order_id": "42"},
    }
    event = {
        "id": "evt_1",
        "object": "event",
        "type": "payment_intent.succeeded",
        "created": 1_795_000_000,
        "livemode": False,
        "api_version": "2026-10-28.endive",
        "data": {"object": intent},
    }
    return event | fields


def signed(body: bytes, *, secret: str = SECRET, age: float = 0) -> dict[str, str]:
    return JSON | {"Stripe-Signature": sign(body, secret, NOW.timestamp() - age)}


@pytest.fixture
def publisher() -> MemoryPublisher:
    return MemoryPublisher()


@pytest.fixture
def registry() -> CollectorRegistry:
    return CollectorRegistry()


@pytest.fixture
async def http(publisher: MemoryPublisher, registry: CollectorRegistry) -> AsyncIterator[httpx.AsyncClient]:
    accounts = {
        "main": Account(StripeRef(account=AccountAlias("main"), mode="test"), (SecretStr("whsec_1"),)),
        "live": Account(StripeRef(account=AccountAlias("live"), mode="live"), (SecretStr("whsec_2"),)),
    }
    options = BridgeOptions(accounts=accounts)
    app = Bridge(
        options, publisher, StoppedClock(), BridgeMetrics(registry), health_app(registry, lambda: {"up": True})
    )
    async with (
        serve_health(app, "127.0.0.1", 0) as port,
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", trust_env=False) as client,
    ):
        yield client


async def test_an_event_is_published_as_it_came(http: httpx.AsyncClient, publisher: MemoryPublisher) -> None:
    body = orjson.dumps(an_event(), option=orjson.OPT_INDENT_2)
    answer = await http.post(PATH, content=body, headers=signed(body))
    assert answer.status_code == 200
    (message,) = publisher.messages
    assert (message.exchange, message.routing_key) == ("stripe.events", "main.test.payment_intent.succeeded")
    assert message.message_id == "evt_1"
    assert message.body.endswith(b',"data":' + body + b"}")
    event = CloudEvent[StripeEventV1].model_validate_json(message.body)
    assert (event.id, event.source, event.subject) == ("evt_1", "/stripe/main/test", "pi_1")
    assert event.time == datetime.fromtimestamp(1_795_000_000, UTC)


async def test_duplicates_pass_through(http: httpx.AsyncClient, publisher: MemoryPublisher) -> None:
    body = orjson.dumps(an_event())
    for _ in range(3):
        assert (await http.post(PATH, content=body, headers=signed(body))).status_code == 200
    assert len(publisher.messages) == 3


async def test_an_unknown_event_type_is_taken_too(http: httpx.AsyncClient, publisher: MemoryPublisher) -> None:
    body = orjson.dumps(an_event(type="some.thing_new", data={"object": {"object": "thing"}}))
    assert (await http.post(PATH, content=body, headers=signed(body))).status_code == 200
    assert publisher.messages[0].routing_key == "main.test.some.thing_new"


async def test_nothing_is_said_before_the_broker_has_confirmed(
    http: httpx.AsyncClient, publisher: MemoryPublisher
) -> None:
    publisher.confirm = asyncio.Event()
    body = orjson.dumps(an_event())
    request = asyncio.create_task(http.post(PATH, content=body, headers=signed(body)))
    done, _ = await asyncio.wait({request}, timeout=0.2)
    assert not done
    publisher.confirm.set()
    assert (await request).status_code == 200


async def test_a_broker_that_is_away_means_send_it_again(http: httpx.AsyncClient, publisher: MemoryPublisher) -> None:
    publisher.failures = 1
    body = orjson.dumps(an_event())
    answer = await http.post(PATH, content=body, headers=signed(body))
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert (await http.post(PATH, content=body, headers=signed(body))).status_code == 200


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (b"{", "body"),
        (b"[]", "body"),
        (b"\xff", "body"),
        (orjson.dumps({key: value for key, value in an_event().items() if key != "id"}), "id"),
        (orjson.dumps({key: value for key, value in an_event().items() if key != "type"}), "type"),
        (orjson.dumps({key: value for key, value in an_event().items() if key != "created"}), "created"),
        (orjson.dumps(an_event(id="42")), "id"),
        (orjson.dumps(an_event(type="Bad Type")), "type"),
        (orjson.dumps(an_event(livemode=True)), "livemode"),
    ],
)
async def test_what_is_no_event_of_the_account_names_the_field(
    http: httpx.AsyncClient, publisher: MemoryPublisher, body: bytes, field: str
) -> None:
    headers = JSON | {"Stripe-Signature": _sign_raw(body)}
    answer = await http.post(PATH, content=body, headers=headers)
    assert (answer.status_code, answer.json()["field"]) == (400, field)
    assert answer.json()["type"] == "urn:sidecar:problem:event"
    assert publisher.messages == []


def _sign_raw(body: bytes) -> str:
    at = int(NOW.timestamp())
    return f"t={at},v1={hmac.new(b'whsec_1', f'{at}.'.encode() + body, sha256).hexdigest()}"


@pytest.mark.parametrize(
    ("headers", "slug"),
    [
        (JSON, "signature-missing"),
        (JSON | {"Stripe-Signature": "nonsense"}, "signature-malformed"),
        (signed(b"other"), "signature-mismatch"),
        (signed(orjson.dumps(an_event()), secret="whsec_2"), "signature-mismatch"),
        (signed(orjson.dumps(an_event()), age=301), "signature-expired"),
    ],
)
async def test_an_unproven_request_learns_nothing(
    http: httpx.AsyncClient,
    publisher: MemoryPublisher,
    registry: CollectorRegistry,
    headers: dict[str, str],
    slug: str,
) -> None:
    answer = await http.post(PATH, content=orjson.dumps(an_event()), headers=headers)
    assert (answer.status_code, answer.json()["type"]) == (400, f"urn:sidecar:problem:{slug}")
    assert "whsec" not in answer.text
    assert publisher.messages == []
    labels = {"account": "main", "reason": slug.removeprefix("signature-")}
    assert registry.get_sample_value("sidecar_bridge_signature_failures_total", labels) == 1


async def test_the_signature_comes_before_the_json(http: httpx.AsyncClient) -> None:
    answer = await http.post(PATH, content=b"{", headers=JSON)
    assert answer.json()["type"] == "urn:sidecar:problem:signature-missing"


async def test_another_accounts_secret_does_not_fit(http: httpx.AsyncClient) -> None:
    body = orjson.dumps(an_event())
    answer = await http.post("/webhooks/stripe/live", content=body, headers=signed(body))
    assert answer.status_code == 400


async def test_an_unknown_account_is_not_found(http: httpx.AsyncClient) -> None:
    body = orjson.dumps(an_event())
    answer = await http.post("/webhooks/stripe/nobody", content=body, headers=signed(body))
    assert (answer.status_code, answer.json()["status"]) == (404, 404)


async def test_only_post_and_only_json(http: httpx.AsyncClient) -> None:
    answer = await http.get(PATH)
    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")
    body = orjson.dumps(an_event())
    answer = await http.post(PATH, content=body, headers=signed(body) | {"Content-Type": "text/plain"})
    assert answer.status_code == 415


async def test_five_megabytes_are_too_many(http: httpx.AsyncClient, publisher: MemoryPublisher) -> None:
    body = b"x" * 5_000_000
    await _is_refused_as_too_large(http, body)
    assert publisher.messages == []


async def _is_refused_as_too_large(http: httpx.AsyncClient, body: bytes | AsyncIterator[bytes]) -> None:
    """The answer is 413; a client that goes on writing may see the connection closed instead."""
    try:
        answer = await http.post(PATH, content=body, headers=signed(b""))
    except httpx.TransportError:
        return
    assert answer.status_code == 413


async def test_also_when_they_come_in_chunks_without_a_length(
    http: httpx.AsyncClient, publisher: MemoryPublisher
) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(80):
            yield b"x" * 65_536

    await _is_refused_as_too_large(http, chunks())
    assert publisher.messages == []


async def test_health_readiness_and_metrics_are_served_too(http: httpx.AsyncClient) -> None:
    assert (await http.get("/healthz")).json() == {"status": "ok"}
    assert (await http.get("/readyz")).status_code == 200
    assert "sidecar_bridge_requests_total" in (await http.get("/metrics")).text
