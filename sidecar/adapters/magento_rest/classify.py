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

_LONGEST = 300


def classify_failure(error: httpx.TransportError | httpx.InvalidURL, what: str) -> UpstreamError:
    """A request that got no answer."""
    if isinstance(error, httpx.ConnectError | httpx.ConnectTimeout | httpx.PoolTimeout):
        return TransientError("magento", "unreachable", f"{what}: {type(error).__name__}")
    return UnknownOutcomeError("magento", "no_answer", f"{what}: {type(error).__name__}")


def classify_answer(response: httpx.Response, what: str) -> UpstreamError:
    """An answer that is not 2xx."""
    status, said = response.status_code, f"{what}: {_message(response)}"
    error: UpstreamError
    if status in {401, 403}:
        error = UnauthorizedError(
            "magento", f"http_{status}", f"{said} (check the integration's token and its resources)"
        )
    elif status == 404:  # noqa: PLR2004  # HTTP's own numbers read best as they are
        error = NotFoundError("magento", "not_found", said)
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
        error = RefusedError("magento", f"http_{status}", said)
    return error


def _message(response: httpx.Response) -> str:
    """Magento's message with its parameters put in (`%1`, `%fieldName`)."""
    try:
        body = json.loads(response.content)
    except ValueError:
        return f"HTTP {response.status_code}"
    if not isinstance(body, dict) or not isinstance(body.get("message"), str):
        return f"HTTP {response.status_code}"
    message: str = body["message"]
    parameters = body.get("parameters")
    if isinstance(parameters, list):
        numbered: Mapping[str, object] = {str(number): value for number, value in enumerate(parameters, 1)}
    else:
        numbered = cast("Mapping[str, object]", parameters) if isinstance(parameters, dict) else {}
    for name in sorted(numbered, key=len, reverse=True):
        message = message.replace(f"%{name}", str(numbered[name]))
    return message[:500]


def _retry_after(response: httpx.Response) -> timedelta | None:
    value = response.headers.get("Retry-After", "")
    return timedelta(seconds=min(int(value), _LONGEST)) if value.isascii() and value.isdigit() else None
