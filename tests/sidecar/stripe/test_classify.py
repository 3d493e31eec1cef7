import ssl
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import aiohttp
import pytest
import stripe
from aiohttp.client_reqrep import ConnectionKey

from schemas.stripe.payment_intent import PaymentIntent
from sidecar.adapters.stripe.classify import DeclinedError, RateLimitedError, classify
from sidecar.adapters.stripe.client import read
from sidecar.errors import (
    NotFoundError,
    RefusedError,
    TransientError,
    UnauthorizedError,
    UnknownOutcomeError,
    UpstreamError,
)

KEY = ConnectionKey("api.stripe.com", 443, True, True, None, None, None)  # noqa: FBT003  # positional only


def answered(status: int, error: Mapping[str, Any] | None, headers: Mapping[str, str] | None = None) -> Exception:
    body = None if error is None else {"error": dict(error)}
    return stripe.APIError("from the SDK", "the body", status, body, dict(headers or {}))


@pytest.mark.parametrize(
    "cause",
    [
        aiohttp.ClientConnectorError(KEY, ConnectionRefusedError(111, "refused")),
        aiohttp.ClientConnectorDNSError(KEY, OSError("no such host")),
        aiohttp.ClientConnectorSSLError(KEY, ssl.SSLError("handshake")),
        aiohttp.ClientConnectorCertificateError(KEY, ssl.SSLCertVerificationError("expired")),
        aiohttp.ConnectionTimeoutError("Connection timeout to host"),
        aiohttp.InvalidURL("http://"),
    ],
    ids=lambda cause: type(cause).__name__,
)
def test_what_never_left_was_not_done(cause: Exception) -> None:
    error = classify(cause)
    assert (type(error), error.code) == (TransientError, "connect")


@pytest.mark.parametrize(
    ("failure", "code"),
    [
        (aiohttp.ServerDisconnectedError(), "connection_lost"),
        (aiohttp.ClientOSError(104, "reset by peer"), "connection_lost"),
        (aiohttp.ClientPayloadError("cut body"), "connection_lost"),
        (aiohttp.SocketTimeoutError("reading the body"), "timeout"),
        (TimeoutError(), "timeout"),
        (AttributeError("'str' object has no attribute 'get'"), "unreadable_answer"),
    ],
    ids=repr,
)
def test_what_left_and_was_not_answered_may_have_been_done(failure: Exception, code: str) -> None:
    error = classify(failure)
    assert (type(error), error.code) == (UnknownOutcomeError, code)


INVALID = {"type": "invalid_request_error", "message": "No."}


@pytest.mark.parametrize(
    ("status", "error", "kind", "code", "field"),
    [
        (400, INVALID | {"code": "parameter_missing", "param": "amount"}, RefusedError, "parameter_missing", "amount"),
        (400, INVALID | {"code": "parameter_unknown", "param": "x"}, RefusedError, "parameter_unknown", "x"),
        (400, INVALID | {"code": "charge_already_refunded"}, RefusedError, "charge_already_refunded", None),
        (400, INVALID, RefusedError, "invalid_request_error", None),
        (400, INVALID | {"code": "resource_missing", "param": "charge"}, RefusedError, "resource_missing", "charge"),
        (400, {"type": "idempotency_error", "message": "Keys…"}, RefusedError, "idempotency_mismatch", None),
        (400, INVALID | {"code": "rate_limit"}, RateLimitedError, "rate_limit", None),
        (400, None, TransientError, "http_400", None),
        (401, INVALID, UnauthorizedError, "http_401", None),
        (401, None, UnauthorizedError, "http_401", None),
        (402, {"type": "card_error", "code": "card_declined"}, DeclinedError, "card_declined", None),
        (402, INVALID | {"code": "balance_insufficient"}, RefusedError, "balance_insufficient", None),
        (402, None, RefusedError, "http_402", None),
        (403, INVALID, UnauthorizedError, "http_403", None),
        (404, INVALID | {"code": "resource_missing", "param": "id"}, NotFoundError, "resource_missing", "id"),
        (404, INVALID, RefusedError, "invalid_request_error", None),
        (404, None, TransientError, "http_404", None),
        (409, {"type": "idempotency_error", "code": "idempotency_key_in_use"}, TransientError, "idempotency_key_in_use",
         None),
        (409, INVALID, TransientError, "http_409", None),
        (413, None, TransientError, "http_413", None),
        (424, INVALID | {"code": "external"}, RefusedError, "external", None),
        (429, INVALID | {"code": "lock_timeout"}, TransientError, "lock_timeout", None),
        (429, INVALID | {"code": "rate_limit"}, RateLimitedError, "rate_limit", None),
        (429, None, RateLimitedError, "rate_limit", None),
        (500, {"type": "api_error"}, UnknownOutcomeError, "http_500", None),
        (502, None, UnknownOutcomeError, "http_502", None),
        (503, None, TransientError, "http_503", None),
        (504, None, UnknownOutcomeError, "http_504", None),
        (530, None, UnknownOutcomeError, "http_530", None),
        (200, None, UnknownOutcomeError, "http_200", None),
    ],
)  # fmt: skip
def test_an_answer_means(
    status: int, error: Mapping[str, Any] | None, kind: type[UpstreamError], code: str, field: str | None
) -> None:
    found = classify(answered(status, error))
    assert (type(found), found.upstream, found.code) == (kind, "stripe", code)
    assert getattr(found, "field", None) == field


@pytest.mark.parametrize("status", [429, 503])
def test_stripe_may_say_when_to_come_back(status: int) -> None:
    error = classify(answered(status, INVALID, {"retry-after": "7"}))
    assert isinstance(error, TransientError)
    assert error.retry_after == timedelta(seconds=7)


def test_a_date_to_come_back_at_is_passed_over() -> None:
    error = classify(answered(503, INVALID, {"Retry-After": "Wed, 21 Oct 2026 07:28:00 GMT"}))
    assert isinstance(error, TransientError)
    assert error.retry_after is None


@pytest.mark.parametrize("name", ["Stripe-Rate-Limited-Reason", "stripe-rate-limited-reason"])
def test_which_limit_it_was_is_known(name: str) -> None:
    error = classify(answered(429, INVALID, {name: "endpoint-rate"}))
    assert isinstance(error, RateLimitedError)
    assert error.reason == "endpoint-rate"


def test_a_decline_carries_its_intent() -> None:
    intent = {
        "id": "pi_1",
        "object": "payment_intent",
        "status": "requires_payment_method",
        "amount": 1099,
        "currency": "usd",
        "created": 1,
        "livemode": False,
        "latest_charge": "ch_1",
    }
    card_error = {
        "type": "card_error",
        "code": "card_declined",
        "decline_code": "stolen_card",
        "advice_code": "do_not_try_again",
        "charge": "ch_1",
        "message": "Your card was declined.",
        "payment_intent": intent,
    }
    error = classify(answered(402, card_error))
    assert isinstance(error, DeclinedError)
    assert error.intent is not None
    assert (error.intent.id, error.intent.charge_id) == ("pi_1", "ch_1")
    assert (error.error.decline_code, error.error.advice_code) == ("stolen_card", "do_not_try_again")


def test_a_decline_that_cannot_be_read_may_have_been_a_payment() -> None:
    error = classify(answered(402, {"type": "card_error", "payment_intent": {"id": "pi_1"}}))
    assert (type(error), error.code) == (UnknownOutcomeError, "unreadable_answer")


def test_an_unreadable_answer_tells_fields_and_no_values() -> None:
    with pytest.raises(UnknownOutcomeError) as unread:
        read(PaymentIntent, {"id": "pi_1", "client_secret": "pi_1_secret_x", "amount": "much"})
    assert "amount" in unread.value.detail
    assert "currency" in unread.value.detail
    assert "much" not in str(unread.value)
    assert unread.value.__context__ is None


@pytest.mark.parametrize("status", [400, 402, 403, 404, 409, 429, 500, 503])
def test_secrets_in_words_are_struck_out(status: int) -> None:
    message = "The key rk_live_51AbC and sk_test_4eC39 and whsec_abc may not see pi_3M_secret_YrK."
    for kind in ("invalid_request_error", "card_error"):
        told = str(classify(answered(status, {"type": kind, "message": message})))
        assert not any(secret in told for secret in ("51AbC", "4eC39", "whsec_abc", "YrK"))
        assert "may not see" in told


def test_a_refused_key_is_not_repeated() -> None:
    error = classify(answered(401, INVALID | {"message": "Invalid API Key provided: nobody knows this form"}))
    assert "nobody" not in str(error)
