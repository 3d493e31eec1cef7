"""What Magento's answers mean.

Every write that the sidecar asks for is idempotent by the Stripe id it carries, so that one of unknown outcome may be
asked for again.
"""

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import cast

import httpx

from sidecar.errors import (
    NotFoundError,
    RefusedError,
    TransientError,
    UnauthorizedError,
    UnknownOutcomeError,
    UpstreamError,
)

_LONGEST_WAIT = 300
_LONGEST_MESSAGE = 500


def classify_failure(error: httpx.RequestError | httpx.InvalidURL, what: str) -> UpstreamError:
    """A request that got no answer."""
    if isinstance(error, httpx.InvalidURL | httpx.UnsupportedProtocol):
        return TransientError("magento", "bad_address", f"{what}: check base_url")
    if isinstance(error, httpx.ConnectError | httpx.ConnectTimeout | httpx.PoolTimeout):
        return TransientError("magento", "unreachable", f"{what}: {type(error).__name__}")
    return UnknownOutcomeError("magento", "no_answer", f"{what}: {type(error).__name__}")


def classify_answer(response: httpx.Response, what: str) -> UpstreamError:
    """An answer that is not 2xx."""
    status = response.status_code
    message, field = _message(response)
    said = f"{what}: {message}"
    error: UpstreamError
    if status in {401, 403}:
        error = UnauthorizedError(
            "magento", f"http_{status}", f"{said} (check the integration's token and its resources)"
        )
    elif status == 404:  # noqa: PLR2004  # HTTP's own numbers read best as they are
        error = NotFoundError("magento", "not_found", said, field=field)
    elif status in {408, 429, 503}:
        error = TransientError("magento", f"http_{status}", said, retry_after=_retry_after(response))
    elif status >= 500:  # noqa: PLR2004
        error = UnknownOutcomeError("magento", f"http_{status}", said)
    elif 300 <= status < 400:  # noqa: PLR2004
        error = RefusedError(
            "magento",
            "redirect",
            f"{what}: a redirect is not followed, since the token must not travel; set base_url to the final address",
        )
    else:
        error = RefusedError("magento", f"http_{status}", said, field=field)
    return error


def _message(response: httpx.Response) -> tuple[str, str | None]:
    """Magento's message with its parameters put in (`%1`, `%fieldName`), and the field that it complains of.

    The parameter `value` repeats what was sent, which may be the shopper's or a secret: it stays out.
    """
    unknown = f"HTTP {response.status_code}", None
    try:
        body = json.loads(response.content)
    except (ValueError, RecursionError):
        return unknown
    if not isinstance(body, dict) or not isinstance(body.get("message"), str):
        return unknown
    message: str = body["message"]
    parameters = body.get("parameters")
    if isinstance(parameters, list):
        named: Mapping[str, object] = {str(number): value for number, value in enumerate(parameters, 1)}
    else:
        named = cast("Mapping[str, object]", parameters) if isinstance(parameters, dict) else {}
    for name in sorted(named, key=len, reverse=True):
        message = message.replace(f"%{name}", "…" if name == "value" else str(named[name]))
    field = named.get("fieldName")
    return message[:_LONGEST_MESSAGE], field if isinstance(field, str) else None


def _retry_after(response: httpx.Response) -> timedelta | None:
    value = response.headers.get("Retry-After", "")
    return timedelta(seconds=min(int(value[:6]), _LONGEST_WAIT)) if value.isascii() and value.isdigit() else None
