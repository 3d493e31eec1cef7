"""From what the SDK raises to what the runtime understands.

Facts: docs.stripe.com/error-low-level, docs.stripe.com/api/errors, docs.stripe.com/error-codes. The one question that
matters is whether the request may have been executed. Nothing of the SDK's exception is kept: it holds headers and
bodies.
"""

from collections.abc import Callable, Mapping
from datetime import timedelta

import aiohttp
import stripe
from pydantic import ValidationError

from schemas.stripe.payment_intent import PaymentError, PaymentIntent
from sidecar.adapters.stripe.masking import masked
from sidecar.errors import (
    NotFoundError,
    RefusedError,
    SpentKeyError,
    TransientError,
    UnauthorizedError,
    UnknownOutcomeError,
    UpstreamError,
)

REASON_HEADER = "Stripe-Rate-Limited-Reason"
REPLAYED_HEADER = "Idempotent-Replayed"

_NOT_SENT = (
    aiohttp.ClientConnectorError,  # refused, no route, DNS, TLS, certificate
    aiohttp.ConnectionTimeoutError,  # no connection in time, or none free
    aiohttp.ClientHttpProxyError,  # the proxy did not open the way
    aiohttp.InvalidURL,
)


class RateLimitedError(TransientError):
    """A limiter of Stripe's said no.

    Attributes:
        reason: which limiter, for example `endpoint-rate`; absent when Stripe did not say.
    """

    def __init__(self, detail: str, *, retry_after: timedelta | None, reason: str | None) -> None:
        super().__init__("stripe", "rate_limit", detail, retry_after=retry_after)
        self.reason = reason


class DeclinedError(RefusedError):
    """A payment was attempted and failed (402): callers that can turn it into an answer catch this.

    Attributes:
        error: why.
        intent: as it stands after the attempt, its charge not expanded.
    """

    def __init__(self, error: PaymentError, intent: PaymentIntent | None) -> None:
        super().__init__("stripe", error.code or "card_error", error.message or "")
        self.error = error
        self.intent = intent


def classify(failure: Exception) -> UpstreamError:
    """Say what a failed call means.

    Args:
        failure: what a call of the SDK raised, aiohttp's exceptions as they are.
    """
    if isinstance(failure, stripe.StripeError):
        return _classify_answer(failure)
    if isinstance(failure, aiohttp.ClientError | OSError):  # TimeoutError is an OSError
        return _classify_connection(failure)
    # The SDK trips over an error body whose shape is not Stripe's.
    return UnknownOutcomeError("stripe", "unreadable_answer", type(failure).__name__)


def unreadable(failure: ValidationError) -> UnknownOutcomeError:
    """An answer of success that does not say what it must; only the names of the fields are told."""
    fields = sorted({".".join(str(part) for part in error["loc"]) for error in failure.errors(include_input=False)})
    return UnknownOutcomeError("stripe", "unreadable_answer", f"{failure.title}: {', '.join(fields)}")


def _classify_connection(failure: Exception) -> UpstreamError:
    name = type(failure).__name__
    if isinstance(failure, _NOT_SENT):
        return TransientError("stripe", "connect", f"{name}: no connection")
    if isinstance(failure, TimeoutError):
        return UnknownOutcomeError("stripe", "timeout", f"{name}: no answer in time")
    return UnknownOutcomeError("stripe", "connection_lost", f"{name}: cut before the answer was there")


def _classify_answer(failure: stripe.StripeError) -> UpstreamError:
    status = failure.http_status or 0
    if status in _BY_STATUS:
        return _BY_STATUS[status](failure)
    error = _error_of(failure)
    if status >= 500 and _header(failure, REPLAYED_HEADER) == "true":  # noqa: PLR2004
        return SpentKeyError("stripe", "spent_key", _told(error))
    if status >= 500:  # noqa: PLR2004  # every 5xx that is not in the table
        return UnknownOutcomeError("stripe", f"http_{status}", _told(error))
    if error is None:
        # Only something in between answers without an error object, so Stripe was not reached or not understood.
        wrong_body = 200 <= status < 300  # noqa: PLR2004  # success with a body that is not JSON
        kind = UnknownOutcomeError if wrong_body else TransientError
        return kind("stripe", f"http_{status}", "an answer that is not Stripe's")
    return _refused(error, f"http_{status}")


def _unauthorized(_: stripe.StripeError) -> UpstreamError:
    return UnauthorizedError("stripe", "http_401", "the key was refused: it is wrong, expired or revoked")


def _forbidden(failure: stripe.StripeError) -> UpstreamError:
    return UnauthorizedError("stripe", "http_403", _told(_error_of(failure)))


def _bad_request(failure: stripe.StripeError) -> UpstreamError:
    error = _error_of(failure)
    if error is None:
        return TransientError("stripe", "http_400", "an answer that is not Stripe's")
    if error.get("code") == "rate_limit":  # how it was said before there was 429
        return _too_many(failure)
    if error.get("type") == "idempotency_error":
        return RefusedError("stripe", "idempotency_mismatch", _told(error))
    return _refused(error, "http_400")


def _payment_required(failure: stripe.StripeError) -> UpstreamError:
    error = _error_of(failure)
    if error is None or error.get("type") != "card_error":
        return _refused(error, "http_402")
    try:
        intent = error.get("payment_intent")
        return DeclinedError(
            PaymentError.model_validate(dict(error) | {"message": masked(str(error.get("message") or ""))}),
            None if intent is None else PaymentIntent.model_validate(intent),
        )
    except ValidationError as problem:
        return unreadable(problem)


def _not_found(failure: stripe.StripeError) -> UpstreamError:
    error = _error_of(failure)
    if error is None:
        return TransientError("stripe", "http_404", "an answer that is not Stripe's")
    if error.get("code") == "resource_missing":
        return NotFoundError("stripe", "resource_missing", _told(error), field=_text(error, "param"))
    return _refused(error, "http_404")


def _conflict(failure: stripe.StripeError) -> UpstreamError:
    error = _error_of(failure)
    return TransientError("stripe", _text(error, "code") or "http_409", _told(error))


def _too_many(failure: stripe.StripeError) -> UpstreamError:
    error = _error_of(failure)
    if error is not None and error.get("code") == "lock_timeout":
        return TransientError("stripe", "lock_timeout", _told(error), retry_after=_retry_after(failure))
    return RateLimitedError(_told(error), retry_after=_retry_after(failure), reason=_header(failure, REASON_HEADER))


def _unavailable(failure: stripe.StripeError) -> UpstreamError:
    return TransientError("stripe", "http_503", _told(_error_of(failure)), retry_after=_retry_after(failure))


_BY_STATUS: Mapping[int, Callable[[stripe.StripeError], UpstreamError]] = {
    400: _bad_request,
    401: _unauthorized,
    402: _payment_required,
    403: _forbidden,
    404: _not_found,
    409: _conflict,
    429: _too_many,
    503: _unavailable,
}


def _refused(error: Mapping[str, object] | None, otherwise: str) -> RefusedError:
    code = _text(error, "code") or _text(error, "type") or otherwise
    return RefusedError("stripe", code, _told(error), field=_text(error, "param"))


def _error_of(failure: stripe.StripeError) -> Mapping[str, object] | None:
    body = failure.json_body
    error = body.get("error") if isinstance(body, dict) else None
    return error if isinstance(error, dict) else None


def _text(error: Mapping[str, object] | None, field: str) -> str | None:
    value = error.get(field) if error is not None else None
    return value if isinstance(value, str) and value else None


def _told(error: Mapping[str, object] | None) -> str:
    return masked(_text(error, "message") or "")


def _header(failure: stripe.StripeError, name: str) -> str | None:
    headers: Mapping[str, str] = failure.headers or {}
    return next((value for known, value in headers.items() if known.lower() == name.lower()), None)


def _retry_after(failure: stripe.StripeError) -> timedelta | None:
    value = _header(failure, "Retry-After")
    return timedelta(seconds=int(value)) if value is not None and value.isascii() and value.isdigit() else None
