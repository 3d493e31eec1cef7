"""`POST /webhooks/stripe/{account}`, as a bare ASGI application: it is on the way of every event.

The order of checks lets an unsigned request learn nothing and cost little: path, method, type and size, then the
signature, and only then the JSON. 200 is said once the broker has confirmed the event; it is never said for less.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

import structlog
from pydantic import SecretStr
from starlette.types import ASGIApp, Receive, Scope, Send

from schemas.ids import StripeRef
from sidecar.bridge.envelope import EventError, wrap
from sidecar.bridge.metrics import BridgeMetrics
from sidecar.bridge.problem import Problem
from sidecar.bridge.publish import publish
from sidecar.bridge.signature import SignatureError, verify
from sidecar.errors import TransientError
from sidecar.observability.trace import trace_id_of, traceparent
from sidecar.ports.clock import Clock
from sidecar.ports.publisher import Publisher

log = structlog.get_logger("sidecar.bridge")

PATH = "/webhooks/stripe/"
RETRY_AFTER = b"5"
_OK = b'{"received":true}'


@dataclass(frozen=True, slots=True)
class Account:
    """An account whose events are taken."""

    ref: StripeRef
    secrets: tuple[SecretStr, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BridgeOptions:
    """How the bridge behaves.

    Attributes:
        accounts: by the name in the address.
        tolerance: how far a signature's time may be from ours.
        max_body_bytes: a larger body is refused before it has all come in.
    """

    accounts: Mapping[str, Account]
    tolerance: timedelta = timedelta(seconds=300)
    max_body_bytes: int = 1_048_576


class _RefusedError(Exception):
    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.detail)
        self.problem = problem


class Bridge:
    """The application. Everything that is not a webhook goes to `other`: health, readiness, metrics."""

    def __init__(
        self, options: BridgeOptions, publisher: Publisher, clock: Clock, metrics: BridgeMetrics, other: ASGIApp
    ) -> None:
        self._options = options
        self._publisher = publisher
        self._clock = clock
        self._metrics = metrics
        self._other = other

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http" or not scope["path"].startswith(PATH):
            await self._other(scope, receive, send)
            return
        name = scope["path"].removeprefix(PATH)
        account = self._options.accounts.get(name)
        label = name if account else "unknown"
        try:
            await self._take(account, scope, receive)
        except _RefusedError as refused:
            problem = refused.problem
            self._metrics.requests.labels(label, str(problem.status)).inc()
            log.warning("webhook refused", account=label, status=problem.status, problem=problem.slug)
            headers = [(b"content-type", b"application/problem+json"), *problem.headers]
            await _answer(send, problem.status, headers, problem.body(scope["path"]))
            return
        self._metrics.requests.labels(label, "200").inc()
        await _answer(send, 200, [(b"content-type", b"application/json")], _OK)

    async def _take(self, account: Account | None, scope: Scope, receive: Receive) -> None:
        if account is None:
            raise _RefusedError(
                Problem(
                    404,
                    "unknown-account",
                    "Unknown account",
                    "no account of this name is configured: check the address",
                )
            )
        headers = _headers(scope)
        if scope["method"] != "POST":
            raise _RefusedError(
                Problem(405, "method", "Method not allowed", "Stripe sends POST", ((b"allow", b"POST"),))
            )
        media_type = headers.get(b"content-type", b"").split(b";", 1)[0].strip().lower()
        if media_type != b"application/json":
            raise _RefusedError(
                Problem(415, "media-type", "Unsupported media type", "the body has to be application/json")
            )
        body = await self._read(headers, receive)
        started = time.perf_counter()
        self._verify(account, headers, body)
        trace = trace_id_of(headers.get(b"traceparent", b"").decode("latin-1"))
        try:
            wrapped = wrap(body, account.ref, traceparent(trace))
        except EventError as error:
            raise _RefusedError(
                Problem(400, "event", "Not an event of this account", str(error), extra={"field": error.field})
            ) from None
        try:
            await publish(self._publisher, wrapped)
        except TransientError as error:
            log.error("event not taken, Stripe will send it again", event_id=wrapped.event_id, detail=str(error))
            detail = "the broker has not confirmed the event: send it again"
            problem = Problem(503, "broker", "Not taken", detail, ((b"retry-after", RETRY_AFTER),))
            raise _RefusedError(problem) from None
        self._metrics.last_event.labels(account.ref.account).set(self._clock.now().timestamp())
        self._metrics.seconds.observe(time.perf_counter() - started)

    def _verify(self, account: Account, headers: Mapping[bytes, bytes], body: bytes) -> None:
        header = headers.get(b"stripe-signature", b"").decode("latin-1")
        try:
            verify(header, body, account.secrets, self._clock.now(), self._options.tolerance)
        except SignatureError as error:
            self._metrics.signature_failures.labels(account.ref.account, error.reason).inc()
            raise _RefusedError(Problem(400, f"signature-{error.reason}", "Bad signature", error.detail)) from None

    async def _read(self, headers: Mapping[bytes, bytes], receive: Receive) -> bytes:
        limit = self._options.max_body_bytes
        too_large = Problem(
            413, "size", "Too large", f"the body has more than {limit} bytes", ((b"connection", b"close"),)
        )
        declared = headers.get(b"content-length", b"")
        if declared.isdigit() and int(declared) > limit:
            raise _RefusedError(too_large)
        parts: list[bytes] = []
        size, more = 0, True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise _RefusedError(Problem(400, "cut", "Cut off", "the request ended before its body"))
            part = message.get("body", b"")
            size += len(part)
            if size > limit:
                raise _RefusedError(too_large)
            parts.append(part)
            more = message.get("more_body", False)
        return parts[0] if len(parts) == 1 else b"".join(parts)


def _headers(scope: Scope) -> dict[bytes, bytes]:
    return dict(scope["headers"])


async def _answer(send: Send, status: int, headers: list[tuple[bytes, bytes]], body: bytes) -> None:
    length = (b"content-length", str(len(body)).encode())
    await send({"type": "http.response.start", "status": status, "headers": [*headers, length]})
    await send({"type": "http.response.body", "body": body})
