"""Opens the REST adapter of an instance."""

import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from pathlib import Path

import httpx
from pydantic import SecretStr

from schemas.ids import Instance
from sidecar.adapters.magento_observer import MagentoObserver, Unobserved
from sidecar.adapters.magento_rest.authorization import BearerAuth, OAuth1Auth, OAuthCredentials
from sidecar.adapters.magento_rest.books import RestBooks
from sidecar.adapters.magento_rest.client import DEFAULT_CONCURRENCY, MagentoClient
from sidecar.adapters.magento_rest.customers import RestCustomers
from sidecar.adapters.magento_rest.orders import RestOrders
from sidecar.breaker.guard import Guard
from sidecar.limiter.places import Places


@dataclass(frozen=True, slots=True, kw_only=True)
class MagentoRestOptions:
    """One instance.

    Attributes:
        base_url: the shop's address, without `/rest`.
        credentials: an integration's access token, or its four OAuth values.
        timeout: for a whole answer; placing documents in Magento can take seconds.
        max_concurrency: calls under way at once at most; how many Magento takes is found out.
        ca_file: authorities to trust instead of the public ones, in PEM, for a shop with a certificate of its own.
        observer: told about each call.
    """

    instance: Instance
    base_url: str
    credentials: SecretStr | OAuthCredentials
    timeout: timedelta = timedelta(seconds=30)
    max_concurrency: int = DEFAULT_CONCURRENCY
    ca_file: Path | None = None
    observer: MagentoObserver = field(default_factory=Unobserved)


@dataclass(frozen=True, slots=True)
class RestInstance:
    """One instance, noun by noun, over the same connections."""

    orders: RestOrders
    customers: RestCustomers
    books: RestBooks


@asynccontextmanager
async def open_rest_orders(options: MagentoRestOptions, guard: Guard | None = None) -> AsyncIterator[RestOrders]:
    """The orders alone; see `open_rest`."""
    async with open_rest(options, guard) as instance:
        yield instance.orders


@asynccontextmanager
async def open_rest(options: MagentoRestOptions, guard: Guard | None = None) -> AsyncIterator[RestInstance]:
    """The adapters, whose connections are closed after the block; `guard` stands before each call.

    Raises:
        OSError: `ca_file` cannot be read.
    """
    credentials = options.credentials
    auth = OAuth1Auth(credentials) if isinstance(credentials, OAuthCredentials) else BearerAuth(credentials)
    seconds = options.timeout.total_seconds()
    async with httpx.AsyncClient(
        # Without a store's code: there need not be a store view named `default`, and an order's id needs none.
        base_url=f"{options.base_url.rstrip('/')}/rest/V1/",
        auth=auth,
        headers={"Accept": "application/json", "User-Agent": "magento-stripe-sidecar"},
        # Waiting for a free connection is our own queue and may take as long as several calls.
        timeout=httpx.Timeout(seconds, connect=5.0, pool=seconds * 4),
        limits=httpx.Limits(max_connections=options.max_concurrency, max_keepalive_connections=options.max_concurrency),
        follow_redirects=False,
        verify=ssl.create_default_context(cafile=options.ca_file) if options.ca_file else True,
        trust_env=False,
    ) as http:
        told = partial(options.observer.answered, options.instance)
        client = MagentoClient(http, told, guard, Places("magento", options.max_concurrency))
        name = options.instance
        yield RestInstance(RestOrders(name, client), RestCustomers(name, client), RestBooks(name, client))
