"""All configured accounts, and their connections."""

import logging
import ssl
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager

import aiohttp
import stripe
from typing_extensions import override

from schemas.ids import StripeRef
from sidecar.adapters.stripe.client import StripeClient
from sidecar.adapters.stripe.key_mode import claimed_mode
from sidecar.adapters.stripe.observer import StripeObserver, Unobserved
from sidecar.adapters.stripe.options import StripeAccountOptions
from sidecar.adapters.stripe.payments import StripePayments
from sidecar.breaker.guard import Guard, Unguarded
from sidecar.ports.clock import Clock


class StripeAccounts(Mapping[StripeRef, StripePayments]):
    """The port `PaymentsDirectory`."""

    def __init__(self, accounts: Mapping[StripeRef, StripePayments]) -> None:
        self._accounts = dict(accounts)

    @override
    def __getitem__(self, ref: StripeRef) -> StripePayments:
        """The account's adapter. Raises `KeyError` when no such account and mode is configured."""
        return self._accounts[ref]

    @override
    def __iter__(self) -> Iterator[StripeRef]:
        return iter(self._accounts)

    @override
    def __len__(self) -> int:
        return len(self._accounts)


@asynccontextmanager
async def open_accounts(
    options: Iterable[StripeAccountOptions],
    clock: Clock,
    observer: StripeObserver | None = None,
    guards: Mapping[StripeRef, Guard] | None = None,
) -> AsyncIterator[StripeAccounts]:
    """Connect to the accounts for as long as the block runs. Nothing is asked of Stripe yet.

    Args:
        options: one for each account and mode.
        clock: the time.
        observer: told about each call.
        guards: what stands before the calls to an account.
    """
    # At its lower levels the SDK logs requests and answers whole: addresses, e-mails, client secrets.
    logging.getLogger("stripe").setLevel(logging.WARNING)
    trust = ssl.create_default_context(cafile=stripe.ca_bundle_path)
    accounts: dict[StripeRef, StripePayments] = {}
    async with AsyncExitStack() as connections:
        for each in options:
            # The limiter bounds the calls; a second bound here would let them wait with their turn already spent.
            connector = aiohttp.TCPConnector(limit=0, ssl=trust, keepalive_timeout=60, ttl_dns_cache=60)
            session = await connections.enter_async_context(aiohttp.ClientSession(connector=connector))
            guard = (guards or {}).get(each.ref, Unguarded())
            client = StripeClient(each, session, observer or Unobserved(), guard)
            accounts[each.ref] = StripePayments(client, clock, claimed_mode(each.secret_key.get_secret_value()))
        yield StripeAccounts(accounts)
