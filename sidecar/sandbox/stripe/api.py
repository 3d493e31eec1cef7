"""The door of the API: key, limits, idempotency, parameters; then the operation; then the answer."""

import asyncio
import logging
from base64 import b64decode
from binascii import Error as Base64Error
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

import orjson
from starlette.types import Receive, Scope, Send

from sidecar.sandbox.stripe.account import Account
from sidecar.sandbox.stripe.clock import Agenda, SandboxClock
from sidecar.sandbox.stripe.config import RateLimits
from sidecar.sandbox.stripe.documents import JsonObject
from sidecar.sandbox.stripe.errors import StripeError, invalid, not_modelled
from sidecar.sandbox.stripe.events import API_VERSION, Cause
from sidecar.sandbox.stripe.expansion import expand
from sidecar.sandbox.stripe.faults import Fault, Faults
from sidecar.sandbox.stripe.idempotency import Answer, IdempotencyKeys
from sidecar.sandbox.stripe.ids import IdSource
from sidecar.sandbox.stripe.operation import Call, Operation
from sidecar.sandbox.stripe.parameters import check_parameters, parse_form
from sidecar.sandbox.stripe.rate_limit import RateLimiter

_log = logging.getLogger(__name__)
_PLACES_OF_ID = (2, 3)
"""Where in a path an id can stand: `v1/refunds/{id}`, `v1/checkout/sessions/{id}`."""


@dataclass
class _Request:
    method: str
    path: str
    headers: dict[bytes, bytes]
    query: bytes
    body: bytes
    request_id: str
    base_url: str

    @property
    def idempotency_key(self) -> str | None:
        value = self.headers.get(b"idempotency-key")
        return value.decode("latin-1") if value and self.method == "POST" else None


@dataclass
class _Reply:
    answer: Answer
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)
    fault: Fault | None = None


@dataclass(frozen=True)
class _Tenant:
    account: Account
    keys: IdempotencyKeys
    limiter: RateLimiter


class Api:
    """Everything under `/v1`, as an ASGI application.

    Attributes:
        faults: failures on request.
        calls: how often each endpoint was answered with which status; `-` stands for no answer.
    """

    def __init__(
        self,
        *,
        accounts: Sequence[Account],
        operations: Sequence[Operation],
        limits: RateLimits,
        clock: SandboxClock,
        agenda: Agenda,
        ids: IdSource,
    ) -> None:
        self._agenda = agenda
        self._ids = ids
        self._tenants: dict[str, _Tenant] = {}
        for account in accounts:
            tenant = _Tenant(account, IdempotencyKeys(clock), RateLimiter(limits, clock, livemode=account.livemode))
            for key in account.config.secret_keys:
                self._tenants[key.get_secret_value()] = tenant
        self._operations = {
            (operation.method, tuple(operation.path.strip("/").split("/"))): operation for operation in operations
        }
        self.faults = Faults()
        self.calls: defaultdict[str, Counter[str]] = defaultdict(Counter)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        request = await _read(scope, receive, self._ids.new("req", 14))
        self._agenda.run_due()
        operation, identifier = self._find(request.method, request.path)
        fault = self.faults.strike(request.method, request.path)
        name = operation.name if operation else f"{request.method} (unknown)"
        if fault is not None and fault.kind == "timeout_before":
            self.calls[name]["-"] += 1
            await _never_answer(fault, receive, send)
            return
        reply = await self._reply(request, operation, identifier, fault)
        if fault is not None and fault.kind == "timeout_after_commit":
            self.calls[name]["-"] += 1
            await _never_answer(fault, receive, send)
            return
        self.calls[name][str(reply.answer.status)] += 1
        await _send(request, reply, send, cut=fault is not None and fault.kind == "cut_body")

    def _find(self, method: str, path: str) -> tuple[Operation | None, str]:
        parts = tuple(path.strip("/").split("/"))
        found = self._operations.get((method, parts))
        if found is not None:
            return found, ""
        for place in _PLACES_OF_ID:
            if place < len(parts):
                found = self._operations.get((method, (*parts[:place], "{id}", *parts[place + 1 :])))
                if found is not None:
                    return found, parts[place]
        return None, ""

    async def _reply(
        self, request: _Request, operation: Operation | None, identifier: str, fault: Fault | None
    ) -> _Reply:
        try:
            tenant = self._authenticate(request)
            _check_version(request)
            if operation is None:
                return _refusal(
                    StripeError(404, f"Unrecognized request URL ({request.method}: {request.path})."), request
                )
            tenant.limiter.admit(operation.name, identifier)
            if fault is not None and fault.kind in {"status", "lock_timeout"}:
                return _refusal(fault.error(), request)
            return await self._idempotently(request, tenant, operation, identifier, fault)
        except StripeError as error:
            return _refusal(error, request)

    async def _idempotently(
        self, request: _Request, tenant: _Tenant, operation: Operation, identifier: str, fault: Fault | None
    ) -> _Reply:
        key = request.idempotency_key
        if key is not None:
            earlier = tenant.keys.begin(key, request.path, hash(tuple(sorted(request.body.split(b"&")))))
            if earlier is not None:
                return _Reply(
                    earlier,
                    [
                        (b"idempotent-replayed", b"true"),
                        (b"original-request", earlier.request_id.encode()),
                    ],
                )
        headers: list[tuple[bytes, bytes]] = []
        saved = False
        try:
            if fault is not None and fault.kind == "latency":
                await asyncio.sleep(fault.seconds)
            try:
                document = self._execute(request, tenant.account, operation, identifier)
                answer, saved = Answer(200, _encode(document), request.request_id), True
            except StripeError as error:
                answer, headers, saved = _error_answer(error, request), _error_headers(error), error.saved
            if fault is not None and fault.kind == "status_after_commit":
                answer = _error_answer(fault.error(), request)
            if key is not None and saved:
                tenant.keys.finish(key, answer)
        finally:
            if key is not None and not saved:
                tenant.keys.release(key)
        return _Reply(answer, headers)

    def _execute(self, request: _Request, account: Account, operation: Operation, identifier: str) -> JsonObject:
        if request.headers.get(b"content-type", b"").startswith(b"application/json"):
            raise invalid("Invalid request (check that your POST content type is application/x-www-form-urlencoded).")
        form = parse_form(request.body if request.method == "POST" else request.query)
        parameters = check_parameters(operation.parameters, form, operation.unsettable)
        for name in sorted(operation.not_modelled & parameters.names):
            raise not_modelled(name)
        account.cause = Cause(request.request_id, request.idempotency_key)
        if account.shared.config.public_url is None:
            account.base_url = request.base_url
        try:
            document = operation.handle(Call(account, identifier, parameters))
            expand(account, document, parameters.texts("expand") or [])
        except StripeError:
            raise
        except Exception:  # noqa: BLE001  # an HTTP server answers 500; the log has the trace
            _log.exception("%s failed", operation.name)
            raise StripeError(
                500, "The sandbox itself failed: see its log.", type="api_error", code="sandbox_bug"
            ) from None
        finally:
            account.cause = None
        return document

    def _authenticate(self, request: _Request) -> _Tenant:
        scheme, _, value = request.headers.get(b"authorization", b"").decode("latin-1").partition(" ")
        key = value.strip()
        if scheme.lower() == "basic":
            try:
                key = b64decode(key).decode().partition(":")[0]
            except (Base64Error, UnicodeDecodeError):
                key = ""
        if not key:
            raise StripeError(
                401,
                "You did not provide an API key. You need to provide your API key in the Authorization header, using "
                "Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY').",
                saved=False,
            )
        tenant = self._tenants.get(key)
        if tenant is None:
            raise StripeError(401, f"Invalid API Key provided: {_masked(key)}", saved=False)
        if b"stripe-account" in request.headers:
            raise not_modelled("the Stripe-Account header")
        return tenant


def _masked(key: str) -> str:
    visible = 8
    return f"{key[:visible]}{'*' * max(0, len(key) - visible - 4)}{key[-4:] if len(key) > visible + 4 else ''}"


def _check_version(request: _Request) -> None:
    version = request.headers.get(b"stripe-version", b"").decode("latin-1")
    if version and version != API_VERSION:
        raise not_modelled(f"API version {version}, only {API_VERSION}")


async def _read(scope: Scope, receive: Receive, request_id: str) -> _Request:
    body = b""
    while True:
        message = await receive()
        body += message.get("body", b"")
        if not message.get("more_body"):
            break
    headers: dict[bytes, bytes] = dict(scope["headers"])
    path: str = scope["path"]
    return _Request(
        method=scope["method"],
        path=path,
        headers=headers,
        query=scope["query_string"],
        body=body,
        request_id=request_id,
        base_url=f"{scope['scheme']}://{headers.get(b'host', b'localhost').decode('latin-1')}",
    )


def _encode(document: JsonObject) -> bytes:
    return orjson.dumps(document, option=orjson.OPT_INDENT_2)


def _error_answer(error: StripeError, request: _Request) -> Answer:
    return Answer(error.status, _encode(error.document(request.request_id)), request.request_id)


def _refusal(error: StripeError, request: _Request) -> _Reply:
    return _Reply(_error_answer(error, request), _error_headers(error))


def _error_headers(error: StripeError) -> list[tuple[bytes, bytes]]:
    if error.rate_limited_reason is None:
        return []
    return [(b"stripe-rate-limited-reason", error.rate_limited_reason.encode())]


async def _send(request: _Request, reply: _Reply, send: Send, *, cut: bool) -> None:
    body = reply.answer.body
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(body)).encode()),
        (b"request-id", request.request_id.encode()),
        (b"stripe-version", API_VERSION.encode()),
        *reply.headers,
    ]
    key = request.idempotency_key
    if key is not None:
        headers.append((b"idempotency-key", key.encode("latin-1")))
    await send({"type": "http.response.start", "status": reply.answer.status, "headers": headers})
    if cut:
        await send({"type": "http.response.body", "body": body[: len(body) // 2], "more_body": True})
        return
    await send({"type": "http.response.body", "body": body})


async def _never_answer(fault: Fault, receive: Receive, send: Send) -> None:
    """Stay silent until the client hangs up; a client without patience limit meets a gateway that has one."""
    try:
        async with asyncio.timeout(fault.seconds):
            while (await receive())["type"] != "http.disconnect":
                pass
    except TimeoutError:
        headers = [(b"content-type", b"text/plain"), (b"content-length", b"15")]
        await send({"type": "http.response.start", "status": 504, "headers": headers})
        await send({"type": "http.response.body", "body": b"Gateway Timeout"})
