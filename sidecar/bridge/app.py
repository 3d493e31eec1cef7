"""`POST /webhooks/stripe/{account}`, as a bare ASGI application: it is on the way of every event.

The order of checks lets an unsigned request learn nothing and cost little: path, method, type and size, then the
signature, and only then the JSON. 200 is said once the broker has confirmed the event; it is never said for less.
"""

import time
from collections.abc import Mapping
from datetime import datetime

import structlog
from starlette.types import ASGIApp, Receive, Scope, Send

from sidecar.bridge.body import read_body
from sidecar.bridge.envelope import EventError, Wrapped, wrap
from sidecar.bridge.metrics import UNKNOWN, BridgeMetrics
from sidecar.bridge.options import Account, BridgeOptions
from sidecar.bridge.problem import (
    BROKER,
    CONTENT_TYPE,
    INTERNAL,
    MEDIA_TYPE,
    METHOD,
    UNKNOWN_ACCOUNT,
    Problem,
    ProblemError,
    bad_event,
    bad_signature,
)
from sidecar.bridge.publish import publish
from sidecar.bridge.signature import SignatureError, verify
from sidecar.errors import TransientError
from sidecar.observability.trace import trace_id_of, traceparent
from sidecar.observability.tracing import Span, span
from sidecar.ports.clock import Clock
from sidecar.ports.publisher import Publisher

__all__ = ["PATH", "Account", "Bridge", "BridgeOptions"]

log = structlog.get_logger("sidecar.bridge")

PATH = "/webhooks/stripe/"
_OK = b'{"received":true}'
_OK_HEADERS = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(_OK))]


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
        metrics.start(options.accounts, clock.now())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http" or not scope["path"].startswith(PATH):
            await self._other(scope, receive, send)
            return
        name = scope["path"].removeprefix(PATH)
        account = self._options.accounts.get(name)
        label = name if account else UNKNOWN
        try:
            await self._take(account, scope, receive)
        except ProblemError as error:
            log.warning("webhook refused", account=label, status=error.problem.status, problem=error.problem.slug)
            await self._refuse(error.problem, label, scope, send)
        except Exception:
            await self._refuse(INTERNAL, label, scope, send)
            raise  # the server logs it
        else:
            self._metrics.taken(label).inc()
            await send({"type": "http.response.start", "status": 200, "headers": _OK_HEADERS})
            await send({"type": "http.response.body", "body": _OK})

    async def _take(self, account: Account | None, scope: Scope, receive: Receive) -> None:
        if account is None:
            raise ProblemError(UNKNOWN_ACCOUNT)
        if scope["method"] != "POST":
            raise ProblemError(METHOD)
        headers: dict[bytes, bytes] = dict(scope["headers"])
        if headers.get(b"content-type", b"").split(b";", 1)[0].strip().lower() != b"application/json":
            raise ProblemError(MEDIA_TYPE)
        limit, patience = self._options.max_body_bytes, self._options.read_timeout
        body = await read_body(headers.get(b"content-length", b""), receive, limit, patience)
        now = self._clock.now()
        self._verify(account, headers, body, now)
        # Only now: who cannot sign must not fill the traces.
        given = headers.get(b"traceparent", b"").decode("latin-1")
        with span("POST /webhooks/stripe/{account}", "server", parent=given or None) as request:
            await self._forward(account, body, now, request.traceparent or traceparent(trace_id_of(given)), request)

    async def _forward(self, account: Account, body: bytes, now: datetime, trace: str, request: Span) -> None:
        try:
            wrapped = wrap(body, account.ref, trace)
        except EventError as error:
            raise ProblemError(bad_event(error.field, error.detail)) from None
        request.note(sidecar__stripe__event=wrapped.event_id, sidecar__stripe__type=wrapped.event_type)
        await self._publish(account, wrapped, now)

    def _verify(self, account: Account, headers: Mapping[bytes, bytes], body: bytes, now: datetime) -> None:
        header = headers.get(b"stripe-signature", b"").decode("latin-1")
        try:
            verify(header, body, account.secrets, now, self._options.tolerance)
        except SignatureError as error:
            self._metrics.signature_failures.labels(account.ref.account, error.reason).inc()
            raise ProblemError(bad_signature(error.reason, error.detail)) from None

    async def _publish(self, account: Account, wrapped: Wrapped, now: datetime) -> None:
        started = time.perf_counter()
        self._metrics.last_event_of(account.ref.account).set(now.timestamp())
        try:
            await publish(self._publisher, wrapped)
        except TransientError as error:
            log.error("event not taken, Stripe will send it again", event_id=wrapped.event_id, detail=str(error))
            raise ProblemError(BROKER) from None
        finally:
            self._metrics.seconds.observe(time.perf_counter() - started)

    async def _refuse(self, problem: Problem, label: str, scope: Scope, send: Send) -> None:
        self._metrics.requests.labels(label, str(problem.status)).inc()
        body = problem.body(scope["path"])
        headers = [(b"content-type", CONTENT_TYPE), *problem.headers, (b"content-length", b"%d" % len(body))]
        await send({"type": "http.response.start", "status": problem.status, "headers": headers})
        await send({"type": "http.response.body", "body": body})
