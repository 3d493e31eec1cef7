"""A server that answers as a test wants, and the adapter in front of it."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Protocol

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from pydantic import SecretStr

from schemas.ids import AccountAlias, StripeRef
from sidecar.adapters.stripe.accounts import open_accounts
from sidecar.adapters.stripe.options import StripeAccountOptions, Timeouts, stripe_limits
from sidecar.adapters.stripe.payments import StripePayments

SECRET_KEY = "sk_test_51NobodyMaySeeThis"
REF = StripeRef(account=AccountAlias("main"), mode="test")
NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class StoppedClock:
    def now(self) -> datetime:
        return NOW


@dataclass
class Seen:
    """What a test wants to know of the calls."""

    waits: list[str] = field(default_factory=list)
    answers: list[tuple[str, str]] = field(default_factory=list)
    refusals: list[tuple[str, str]] = field(default_factory=list)

    def waited(self, stripe: StripeRef, endpoint: str, seconds: float) -> None:
        del stripe, seconds
        self.waits.append(endpoint)

    def answered(self, stripe: StripeRef, endpoint: str, code: str, seconds: float) -> None:
        del stripe, seconds
        self.answers.append((endpoint, code))

    def throttled(self, stripe: StripeRef, endpoint: str, reason: str) -> None:
        del stripe
        self.refusals.append((endpoint, reason))


def options(base_url: str, *, patience: float = 30) -> StripeAccountOptions:
    return StripeAccountOptions(
        ref=REF,
        secret_key=SecretStr(SECRET_KEY),
        limits=stripe_limits("test", per_second=10_000, endpoint_per_second=10_000),
        base_url=base_url,
        timeouts=Timeouts(total=timedelta(seconds=patience)),
    )


@dataclass(frozen=True)
class Request:
    """One that came in."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    form: dict[str, str]


@dataclass
class Upstream:
    """The server and the adapter in front of it."""

    payments: StripePayments
    seen: Seen
    requests: list[Request]


class Start(Protocol):
    async def __call__(self, handler: Handler, *, patience: float = 30) -> Upstream: ...


@pytest.fixture
async def start() -> AsyncIterator[Start]:
    """Start one with a handler."""
    async with AsyncExitStack() as stack:

        async def started(handler: Handler, *, patience: float = 30) -> Upstream:
            requests: list[Request] = []

            async def record(request: web.Request) -> web.StreamResponse:
                form = {name: str(value) for name, value in (await request.post()).items()}
                headers = {name.lower(): value for name, value in request.headers.items()}
                requests.append(Request(request.method, request.path, dict(request.query), headers, form))
                return await handler(request)

            app = web.Application()
            app.router.add_route("*", "/{path:.*}", record)
            server = await stack.enter_async_context(TestServer(app))
            address = str(server.make_url("")).rstrip("/")
            seen = Seen()
            opened = open_accounts([options(address, patience=patience)], StoppedClock(), seen)
            accounts = await stack.enter_async_context(opened)
            return Upstream(accounts[REF], seen, requests)

        yield started
