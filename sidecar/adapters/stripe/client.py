"""The one place that sends a request to Stripe.

The official SDK builds and signs the request and reads the error; its typed services are not used. They turn each
answer into a tree of `StripeObject`s that would be walked a second time to become a model of ours, and make 1,495
calls a second where `raw_request_async` makes 3,670 (two shared cores, 32 under way). What the typed services would
check is checked all the same: every parameter dictionary is one of the SDK's own `TypedDict`s (`stripe.params`), so
mypy refuses a parameter that this API version does not know, and each answer is read once, by pydantic.
"""

import asyncio
import time
from collections.abc import Mapping
from typing import TypeVar

import aiohttp
import stripe
from pydantic import BaseModel, ValidationError

from schemas.ids import StripeRef
from sidecar.adapters.stripe.classify import RateLimitedError, classify, unreadable
from sidecar.adapters.stripe.endpoint import Endpoint
from sidecar.adapters.stripe.observer import StripeObserver
from sidecar.adapters.stripe.options import StripeAccountOptions
from sidecar.adapters.stripe.transport import SessionTransport
from sidecar.breaker.guard import Guard
from sidecar.errors import UpstreamError
from sidecar.limiter.limiter import Limiter
from sidecar.limiter.priority import Priority, current_priority
from sidecar.observability.tracing import span
from sidecar.ports.payments import IdempotencyKey

API_VERSION = "2026-10-28.endive"
"""The version that requests and answers are written in; a webhook endpoint pins one of its own."""

stripe.enable_telemetry = False  # It would write an id of this machine into the home folder.

Answer = TypeVar("Answer", bound=BaseModel)


class StripeClient:
    """One account's connection: limited, measured, and with errors that say what they mean.

    Attributes:
        ref: the account and mode.
        limiter: keeps under the account's limits.
    """

    def __init__(
        self, options: StripeAccountOptions, session: aiohttp.ClientSession, observer: StripeObserver, guard: Guard
    ) -> None:
        self._guard = guard
        self.ref: StripeRef = options.ref
        self.limiter = Limiter(options.limits, lambda name, waited: observer.waited(options.ref, name, waited))
        self._observer = observer
        timeout = aiohttp.ClientTimeout(
            total=options.timeouts.total.total_seconds(), sock_connect=options.timeouts.connect.total_seconds()
        )
        self._sdk = stripe.StripeClient(
            options.secret_key.get_secret_value(),
            stripe_version=API_VERSION,
            base_addresses={} if options.base_url is None else {"api": options.base_url.rstrip("/")},
            max_network_retries=0,  # The ledger repeats, with its own key and in its own time.
            http_client=SessionTransport(session, timeout),
        )

    async def get(
        self,
        answer: type[Answer],
        endpoint: Endpoint,
        identifier: str = "",
        *,
        params: Mapping[str, object] | None = None,
        priority: Priority | None = None,
    ) -> Answer:
        """Read something; of the class of the task's work, or of the one given."""
        given = current_priority() if priority is None else priority
        return read(answer, await self._send(endpoint, identifier, params or {}, given))

    async def post(
        self,
        answer: type[Answer],
        endpoint: Endpoint,
        identifier: str = "",
        *,
        params: Mapping[str, object],
        key: IdempotencyKey,
    ) -> Answer:
        """Do something, once for each key."""
        # The SDK takes its options out of the parameters; without ours it would make up a key for each call.
        with_key = {**params, "idempotency_key": key}
        return read(answer, await self._send(endpoint, identifier, with_key, current_priority()))

    async def delete(self, answer: type[Answer], endpoint: Endpoint, identifier: str) -> Answer:
        """Delete something; Stripe takes no key for that, and needs none."""
        return read(answer, await self._send(endpoint, identifier, {}, current_priority()))

    async def _send(
        self, endpoint: Endpoint, identifier: str, params: Mapping[str, object], priority: Priority
    ) -> object:
        name = str(endpoint)
        attributes = {"sidecar__stripe__account": self.ref.account, "sidecar__stripe__mode": self.ref.mode}
        with span(name, "client", **attributes):
            return await self._in_turn(endpoint, identifier, params, priority)

    async def _in_turn(
        self, endpoint: Endpoint, identifier: str, params: Mapping[str, object], priority: Priority
    ) -> object:
        name = str(endpoint)
        async with self._guard.call(), self.limiter.turn(name, priority):
            started = time.perf_counter()
            try:
                response = await self._sdk.raw_request_async(endpoint.method, endpoint.path(identifier), **params)
            except asyncio.CancelledError:
                self._observer.answered(self.ref, name, "canceled", time.perf_counter() - started)
                raise
            except Exception as failure:  # noqa: BLE001  # whatever the SDK lets through becomes one of our errors
                error = classify(failure)
            else:
                self._observer.answered(self.ref, name, "ok", time.perf_counter() - started)
                return response.data
            # Raised here and not above: the SDK's exception holds headers and bodies, and would go along as context.
            self._note(name, error, time.perf_counter() - started)
            raise error

    def _note(self, endpoint: str, error: UpstreamError, seconds: float) -> None:
        self._observer.answered(self.ref, endpoint, error.code, seconds)
        if isinstance(error, RateLimitedError):
            self.limiter.throttled(endpoint, error.reason, error.retry_after)
            self._observer.throttled(self.ref, endpoint, error.reason or "unknown")


def read(answer: type[Answer], data: object) -> Answer:
    """Make a model of an answer, or say which fields it lacks."""
    try:
        return answer.model_validate(data)
    except ValidationError as failure:
        error = unreadable(failure)
    raise error  # Without pydantic's exception, which holds the answer.
