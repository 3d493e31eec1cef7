"""The stand-in as one ASGI application, and as something to talk to from Python."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import Final

from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.types import Receive, Scope, Send

from sidecar.sandbox.stripe import (
    accounts,
    balance_transactions,
    charges,
    checkout_sessions,
    customers,
    disputes,
    early_fraud_warnings,
    events,
    payment_intents,
    payment_methods,
    refunds,
    tax_ids,
    webhook_endpoints,
)
from sidecar.sandbox.stripe.account import Account, Surroundings
from sidecar.sandbox.stripe.api import Api
from sidecar.sandbox.stripe.checkout_payment import follow_intents
from sidecar.sandbox.stripe.clock import Agenda, SandboxClock
from sidecar.sandbox.stripe.config import StripeSandboxConfig
from sidecar.sandbox.stripe.control import control_routes
from sidecar.sandbox.stripe.faults import Faults
from sidecar.sandbox.stripe.ids import IdSource
from sidecar.sandbox.stripe.operation import Operation
from sidecar.sandbox.stripe.pages import page_routes
from sidecar.sandbox.stripe.webhooks import Transport, WebhookDelivery

OPERATIONS: Final[tuple[Operation, ...]] = (
    *accounts.OPERATIONS,
    *balance_transactions.OPERATIONS,
    *charges.OPERATIONS,
    *checkout_sessions.OPERATIONS,
    *customers.OPERATIONS,
    *disputes.OPERATIONS,
    *early_fraud_warnings.OPERATIONS,
    *events.OPERATIONS,
    *payment_intents.OPERATIONS,
    *payment_methods.OPERATIONS,
    *refunds.OPERATIONS,
    *tax_ids.OPERATIONS,
    *webhook_endpoints.OPERATIONS,
)
_TICK = 0.25


class _ApiFirst:
    """Takes the API's requests past the router, which they do not need."""

    def __init__(self, api: Api, pages: Starlette) -> None:
        self._api = api
        self._pages = pages

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"].startswith("/v1"):
            await self._api(scope, receive, send)
        else:
            await self._pages(scope, receive, send)


class StripeSandbox:
    """A Stripe of our own.

    Attributes:
        app: the ASGI application: the API under `/v1`, the shopper's pages, the controls under `/_sandbox`.
        accounts: by alias.
        clock: advance it to let keys, sessions and authorisations expire.
        faults: failures on request.
        delivery: webhooks, and what shall go wrong with them.
    """

    def __init__(
        self,
        config: StripeSandboxConfig,
        *,
        clock: Callable[[], float] = time.time,
        transport: Transport | None = None,
        sign_at: Callable[[], float] = time.time,
    ) -> None:
        self.config = config
        self.clock = SandboxClock(clock)
        self.agenda = Agenda(self.clock)
        ids = IdSource(config.seed)
        self.delivery = WebhookDelivery(config.delivery, ids, transport=transport, sign_at=sign_at)
        shared = Surroundings(config, self.clock, self.agenda, ids, self.delivery)
        self.accounts = {alias: Account(alias, account, shared) for alias, account in config.accounts.items()}
        for account in self.accounts.values():
            follow_intents(account)
        self.api = Api(
            accounts=tuple(self.accounts.values()),
            operations=OPERATIONS,
            limits=config.rate_limits,
            clock=self.clock,
            agenda=self.agenda,
            ids=ids,
        )
        self.app = self._build()

    @property
    def faults(self) -> Faults:
        """Failures on request."""
        return self.api.faults

    def advance(self, seconds: float) -> None:
        """Move the clock forward and let happen what is then due."""
        self.clock.advance(seconds)
        self.agenda.run_due()

    def _build(self) -> Starlette:
        @asynccontextmanager
        async def lifespan(_app: Starlette) -> AsyncIterator[None]:
            ticking = asyncio.create_task(self._tick())
            try:
                yield
            finally:
                ticking.cancel()
                with suppress(asyncio.CancelledError):
                    await ticking
                await self.delivery.aclose()

        pages = Starlette(routes=[*control_routes(self), *page_routes(self)])
        app = Starlette(routes=[Mount("/", app=_ApiFirst(self.api, pages))], lifespan=lifespan)
        app.state.sandbox = self
        return app

    async def _tick(self) -> None:
        while True:
            await asyncio.sleep(_TICK)
            self.agenda.run_due()


def create_app(
    config: StripeSandboxConfig,
    *,
    clock: Callable[[], float] = time.time,
    transport: Transport | None = None,
    sign_at: Callable[[], float] = time.time,
) -> Starlette:
    """Make the application; `app.state.sandbox` is the `StripeSandbox` behind it.

    Args:
        config: accounts and behaviour.
        clock: Unix time in seconds; everything in the sandbox happens at this time.
        transport: how webhooks leave; over HTTP unless a test says otherwise.
        sign_at: Unix time in seconds that webhook signatures carry: the receiver's clock.
    """
    return StripeSandbox(config, clock=clock, transport=transport, sign_at=sign_at).app
