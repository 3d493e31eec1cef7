import asyncio
import logging
import socket
import traceback
from datetime import UTC, datetime, timedelta

import orjson
import pytest
from aiohttp import web

from schemas.ids import CustomerId, PaymentIntentId
from schemas.money import Money
from sidecar.adapters.stripe.accounts import open_accounts
from sidecar.errors import (
    RefusedError,
    TransientError,
    UnauthorizedError,
    UnknownOutcomeError,
    UpstreamError,
)
from sidecar.ports.payments import IdempotencyKey, NewPaymentIntent, NewRefund
from tests.sidecar.stripe.conftest import REF, SECRET_KEY, Handler, Start, StoppedClock, options

INTENT = {
    "id": "pi_1",
    "object": "payment_intent",
    "status": "requires_payment_method",
    "amount": 1099,
    "currency": "usd",
    "created": 1,
    "livemode": False,
    "customer": "cus_1",
    "client_secret": "pi_1_secret_1",
    "metadata": {"magento_order_id": "42"},
    "a_field_of_tomorrow": {"nested": [1]},
}
NEW = NewPaymentIntent(
    amount=Money(minor_units=1099, currency="USD"),
    customer=CustomerId("cus_1"),
    capture_method="automatic",
    description="Order 42",
    metadata={"magento_order_id": "42"},
)
KEY = IdempotencyKey("stripe:main/test:payment_intent:shop/42/1")
PI = PaymentIntentId("pi_1")
SINCE = datetime.fromtimestamp(1795435200, UTC)


def answering(status: int = 200, body: object = INTENT, headers: dict[str, str] | None = None) -> Handler:
    async def handler(_: web.Request) -> web.Response:
        content = body if isinstance(body, bytes) else orjson.dumps(body)
        return web.Response(status=status, body=content, headers=headers)

    return handler


def failing(status: int, *, headers: dict[str, str] | None = None, **error: str) -> Handler:
    return answering(status, {"error": error}, headers)


async def hang_up(request: web.Request) -> web.StreamResponse:
    assert request.transport is not None
    request.transport.close()
    return web.Response()


async def hang_up_amid_the_body(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Length": "1000"})
    await response.prepare(request)
    await response.write(b'{"id": "pi_')
    assert request.transport is not None
    request.transport.close()
    return response


async def never_answer(request: web.Request) -> web.StreamResponse:
    await asyncio.Event().wait()
    return web.Response()


async def never_finish(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Length": "1000"})
    await response.prepare(request)
    await response.write(b'{"id": "pi_')
    await asyncio.Event().wait()
    return response


async def test_a_request_is_ours_in_every_header(start: Start) -> None:
    upstream = await start(answering())
    attempt = await upstream.payments.create_payment_intent(NEW, key=KEY)
    assert (attempt.intent.id, attempt.intent.metadata) == ("pi_1", {"magento_order_id": "42"})
    (request,) = upstream.requests
    assert (request.method, request.path) == ("POST", "/v1/payment_intents")
    assert request.headers["idempotency-key"] == KEY
    assert request.headers["stripe-version"] == "2026-10-28.endive"
    assert request.headers["authorization"] == f"Bearer {SECRET_KEY}"
    assert "x-stripe-client-telemetry" not in request.headers
    assert request.form == {
        "amount": "1099",
        "currency": "usd",
        "customer": "cus_1",
        "capture_method": "automatic",
        "automatic_payment_methods[enabled]": "true",
        "description": "Order 42",
        "metadata[magento_order_id]": "42",
        "expand[0]": "latest_charge",
    }


async def test_reading_asks_for_the_charge_and_has_no_key(start: Start) -> None:
    upstream = await start(answering())
    await upstream.payments.retrieve_payment_intent(PI)
    (request,) = upstream.requests
    assert (request.method, request.path, request.query) == (
        "GET", "/v1/payment_intents/pi_1", {"expand[0]": "latest_charge"},
    )  # fmt: skip
    assert "idempotency-key" not in request.headers


async def test_an_id_cannot_lead_elsewhere(start: Start) -> None:
    upstream = await start(answering())
    await upstream.payments.retrieve_payment_intent(PaymentIntentId("../customers?limit=1#"))
    (request,) = upstream.requests
    assert request.path == "/v1/payment_intents/../customers?limit=1#"
    assert "limit" not in request.query


@pytest.mark.parametrize(
    ("handler", "kind", "code"),
    [
        (hang_up, UnknownOutcomeError, "connection_lost"),
        (hang_up_amid_the_body, UnknownOutcomeError, "connection_lost"),
        (never_answer, UnknownOutcomeError, "timeout"),
        (never_finish, UnknownOutcomeError, "timeout"),
        (answering(200, b"<html>hello</html>"), UnknownOutcomeError, "http_200"),
        (answering(200, [1]), UnknownOutcomeError, "unreadable_answer"),
        (answering(200, {"id": "pi_1"}), UnknownOutcomeError, "unreadable_answer"),
        (answering(502, b"<html>Bad Gateway</html>"), UnknownOutcomeError, "http_502"),
        (answering(400, {"error": "of a proxy"}), UnknownOutcomeError, "unreadable_answer"),
        (answering(404, b"<html>Not here</html>"), TransientError, "http_404"),
        (failing(500, type="api_error"), UnknownOutcomeError, "http_500"),
        (failing(503, type="api_error"), TransientError, "http_503"),
        (failing(401, type="invalid_request_error", message=f"Invalid: {SECRET_KEY}"), UnauthorizedError, "http_401"),
        (failing(403, type="invalid_request_error", message=f"Not for {SECRET_KEY}"), UnauthorizedError, "http_403"),
        (failing(400, type="idempotency_error", message=f"Keys of {SECRET_KEY}"), RefusedError, "idempotency_mismatch"),
        (failing(409, type="idempotency_error", code="idempotency_key_in_use"), TransientError,
         "idempotency_key_in_use"),
        (failing(429, type="invalid_request_error", code="lock_timeout"), TransientError, "lock_timeout"),
    ],
)  # fmt: skip
async def test_what_goes_wrong_is_told_in_our_words_and_without_the_key(
    start: Start, handler: Handler, kind: type[UpstreamError], code: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    upstream = await start(handler, patience=0.3)
    with pytest.raises(UpstreamError) as failed:
        await upstream.payments.create_payment_intent(NEW, key=KEY)
    error = failed.value
    assert (type(error), error.upstream, error.code) == (kind, "stripe", code)
    assert upstream.seen.answers in ([("POST /v1/payment_intents", code)], [("POST /v1/payment_intents", "ok")])
    assert (error.__cause__, error.__context__) == (None, None)
    told = "".join([*traceback.format_exception(error), repr(error), repr(vars(error)), caplog.text])
    assert not [record for record in caplog.records if record.name == "stripe"]
    assert SECRET_KEY[len("sk_test_") :] not in told


async def test_a_port_where_nobody_listens_was_not_reached() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    async with open_accounts([options(f"http://127.0.0.1:{port}")], StoppedClock()) as accounts:
        with pytest.raises(TransientError) as failed:
            await accounts[REF].retrieve_payment_intent(PI)
    assert (type(failed.value), failed.value.code) == (TransientError, "connect")


async def test_a_server_that_speaks_no_tls_was_not_reached(start: Start) -> None:
    upstream = await start(answering())
    await upstream.payments.retrieve_payment_intent(PI)
    port = upstream.requests[0].headers["host"].rpartition(":")[2]
    async with open_accounts([options(f"https://127.0.0.1:{port}")], StoppedClock()) as accounts:
        with pytest.raises(TransientError) as failed:
            await accounts[REF].retrieve_payment_intent(PI)
    assert (type(failed.value), failed.value.code) == (TransientError, "connect")
    assert len(upstream.requests) == 1


async def test_a_refusal_for_rate_slows_the_endpoint_down_and_is_measured(start: Start) -> None:
    headers = {"Stripe-Rate-Limited-Reason": "endpoint-rate", "Retry-After": "2"}
    upstream = await start(failing(429, type="invalid_request_error", code="rate_limit", headers=headers))
    limiter = upstream.payments.limiter
    name, other = "GET /v1/payment_intents/{id}", "GET /v1/charges/{id}"
    before = limiter.rate(name)
    with pytest.raises(TransientError) as failed:
        await upstream.payments.retrieve_payment_intent(PI)
    assert (failed.value.code, failed.value.retry_after) == ("rate_limit", timedelta(seconds=2))
    assert limiter.rate(name) < before
    assert limiter.rate(other) == before
    assert upstream.seen.refusals == [(name, "endpoint-rate")]
    assert upstream.seen.waits == [name]
    assert upstream.seen.answers == [(name, "rate_limit")]


async def test_a_long_answer_in_pieces_arrives_whole(start: Start) -> None:
    body = orjson.dumps(INTENT | {"description": "x" * 2_000_000})

    async def in_pieces(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Length": str(len(body))})
        await response.prepare(request)
        for first in range(0, len(body), 50_000):
            await response.write(body[first : first + 50_000])
            await asyncio.sleep(0)
        return response

    upstream = await start(in_pieces)
    assert (await upstream.payments.retrieve_payment_intent(PI)).id == "pi_1"


async def test_a_call_that_is_given_up_gives_its_place_back(start: Start) -> None:
    arrived = asyncio.Event()

    async def first_never(request: web.Request) -> web.StreamResponse:
        if arrived.is_set():
            return await answering()(request)
        arrived.set()
        return await never_answer(request)

    upstream = await start(first_never)
    hanging = asyncio.create_task(upstream.payments.retrieve_payment_intent(PI))
    await arrived.wait()
    hanging.cancel()
    with pytest.raises(asyncio.CancelledError):
        await hanging
    assert upstream.seen.answers == [("GET /v1/payment_intents/{id}", "canceled")]
    for _ in range(70):  # more than there are places
        await upstream.payments.retrieve_payment_intent(PI)


async def test_nothing_that_holds_the_key_shows_it(start: Start) -> None:
    upstream = await start(answering())
    shown = repr([options("http://x"), upstream.payments, vars(upstream.payments), str(options("http://x"))])
    assert SECRET_KEY not in shown


async def test_a_page_that_stays_open_although_refused_raises_the_refusal(start: Start) -> None:
    page = {"id": "cs_1", "object": "checkout.session", "status": "open", "expires_at": 1, "livemode": False}

    async def refuse(request: web.Request) -> web.StreamResponse:
        if request.method == "GET":
            return await answering(body=page)(request)
        return await failing(400, type="invalid_request_error", code="locked_for_now")(request)

    upstream = await start(refuse)
    with pytest.raises(RefusedError) as refused:
        await upstream.payments.expire_checkout_session("cs_1", key=KEY)  # type: ignore[arg-type]  # an id is a string
    assert refused.value.code == "locked_for_now"


async def test_a_decline_without_an_intent_stays_an_error(start: Start) -> None:
    upstream = await start(failing(402, type="card_error", code="card_declined", message="Declined."))
    with pytest.raises(RefusedError) as refused:
        await upstream.payments.create_payment_intent(NEW, key=KEY)
    assert refused.value.code == "card_declined"


async def test_a_refused_refund_has_stripes_code(start: Start) -> None:
    upstream = await start(failing(400, type="invalid_request_error", code="charge_disputed"))
    new = NewRefund(payment_intent=PI, amount=Money(minor_units=5, currency="USD"), metadata={})
    with pytest.raises(RefusedError) as refused:
        await upstream.payments.create_refund(new, key=KEY)
    assert refused.value.code == "charge_disputed"


@pytest.mark.parametrize(
    ("data", "mode"), [([], "test"), ([{"id": "pi_1", "livemode": True}], "live"), ([{"livemode": False}], "test")]
)
async def test_stripes_word_on_the_mode_goes_before_the_keys(start: Start, data: list[object], mode: str) -> None:
    upstream = await start(answering(body={"object": "list", "data": data, "has_more": False}))
    assert await upstream.payments.key_mode() == mode
    assert upstream.requests[0].query == {"limit": "1"}


@pytest.mark.parametrize(
    "refusal",
    [
        failing(400, type="invalid_request_error", message="Search is not available in your country."),
        failing(403, type="invalid_request_error", message="The provided key does not have the required permissions"),
    ],
    ids=["no search in this country", "no permission"],
)
async def test_where_nothing_can_be_searched_for_everything_is_listed(start: Start, refusal: Handler) -> None:
    theirs = {
        "object": "list",
        "has_more": False,
        "data": [INTENT | {"metadata": {"magento_order_id": "42"}}, INTENT | {"metadata": {}}],
    }

    async def answer(request: web.Request) -> web.StreamResponse:
        return await (refusal if request.path.endswith("/search") else answering(body=theirs))(request)

    upstream = await start(answer)
    (found,) = await upstream.payments.search_payment_intents(SINCE, {"magento_order_id": "42"})
    assert found.metadata == {"magento_order_id": "42"}
    searched, listed = upstream.requests
    assert searched.query["query"] == "metadata['magento_order_id']:'42' AND created>=1795435200"
    assert listed.query["created[gte]"] == "1795435200"
