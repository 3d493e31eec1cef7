"""Puts the adapters together from the settings: the one place where ports meet their implementations."""

import os
import secrets
import socket
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from schemas.ids import AccountAlias, Instance, StripeRef
from sidecar.adapters.broker_amqp.publisher import AmqpPublisher, open_publisher
from sidecar.adapters.magento_db.orders import MagentoDbOptions, open_db_orders
from sidecar.adapters.magento_rest.authorization import OAuthCredentials
from sidecar.adapters.magento_rest.instances import MagentoRestOptions, open_rest
from sidecar.adapters.store_sql import SqlStore, open_store
from sidecar.adapters.stripe.accounts import StripeAccounts, open_accounts
from sidecar.adapters.stripe.observer import StripeObserver
from sidecar.adapters.stripe.options import StripeAccountOptions, Timeouts, stripe_limits
from sidecar.limiter.sharing import sharing
from sidecar.ports.bundle import Ports
from sidecar.ports.magento import MagentoOrders
from sidecar.ports.magento_customers import MagentoCustomers
from sidecar.settings.sections import MagentoInstance, StripeAccount
from sidecar.settings.settings import Settings
from sidecar.system_clock import SystemClock
from sidecar.topology import Names


@dataclass(frozen=True, slots=True)
class OpenPorts(Ports):
    """The ports with their real adapters, for those who need more of them than the port says."""

    store: SqlStore
    payments: StripeAccounts
    publisher: AmqpPublisher


@asynccontextmanager
async def open_ports(
    settings: Settings, *, observer: StripeObserver | None = None, locks: int = 4, busy: bool = False
) -> AsyncIterator[OpenPorts]:
    """Open everything, and close it after the block. Nothing is connected before it is used.

    Args:
        settings: the operator's.
        observer: told about each call to Stripe.
        locks: how many orders may be held at once.
        busy: whether this process lives on calling Stripe. Busy processes share the account's limits in equal parts;
            the others (timers, the command line) make do with a small part of their own.
    """
    clock = SystemClock()
    async with AsyncExitStack() as stack:
        store = await stack.enter_async_context(
            open_store(
                settings.store.url.get_secret_value(), connections=settings.store.pool_size, lock_connections=locks
            )
        )
        accounts = [_account(name, account, settings, busy=busy) for name, account in settings.stripe.items()]
        payments = await stack.enter_async_context(open_accounts(accounts, clock, observer))
        if busy:
            replica = f"{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(4)}"[:64]
            for ref, account in payments.items():
                await stack.enter_async_context(
                    sharing(account.limiter, store.replicas, group=f"stripe:{ref}", replica=replica, clock=clock)
                )
        magento: dict[Instance, MagentoOrders] = {}
        customers: dict[Instance, MagentoCustomers] = {}
        for name, instance in settings.magento.items():
            opened = await _instance(Instance(name), instance, stack)
            magento[Instance(name)] = opened.orders
            if opened.customers is not None:
                customers[Instance(name)] = opened.customers
        names = Names(settings.broker.prefix)
        publisher = await stack.enter_async_context(open_publisher(settings.broker.url.get_secret_value(), names))
        yield OpenPorts(
            store=store,
            payments=payments,
            magento=magento,
            publisher=publisher,
            policies=settings.policies(),
            clock=clock,
            magento_customers=customers,
        )


@dataclass(frozen=True, slots=True)
class _OpenInstance:
    """Its adapters; customers are only reached by REST."""

    orders: MagentoOrders
    customers: MagentoCustomers | None


ASIDE = 0.04
"""The part of an account's limits that a process takes which is not busy: one call a second of the usual 25."""


def _account(name: str, account: StripeAccount, settings: Settings, *, busy: bool) -> StripeAccountOptions:
    part = 1 if busy else ASIDE
    return StripeAccountOptions(
        ref=StripeRef(account=AccountAlias(name), mode=account.mode),
        secret_key=account.secret_key,
        limits=stripe_limits(
            account.mode,
            per_second=settings.requests_per_second(name) * part,
            endpoint_per_second=account.endpoint_requests_per_second * part,
            concurrency=account.max_concurrency,
        ),
        base_url=account.base_url,
        timeouts=Timeouts(total=account.timeout),
    )


async def _instance(name: Instance, instance: MagentoInstance, stack: AsyncExitStack) -> _OpenInstance:
    if instance.adapter == "db" and instance.database_url is not None:
        db = MagentoDbOptions(
            instance=name, url=instance.database_url.get_secret_value(), table_prefix=instance.table_prefix
        )
        return _OpenInstance(await stack.enter_async_context(open_db_orders(db)), None)
    oauth = instance.oauth
    credentials = (
        OAuthCredentials(oauth.consumer_key, oauth.consumer_secret, oauth.access_token, oauth.access_token_secret)
        if oauth
        else instance.token
    )
    if credentials is None or instance.base_url is None:
        raise AssertionError("the settings have been checked")  # see sections.MagentoInstance
    rest = MagentoRestOptions(
        instance=name,
        base_url=instance.base_url,
        credentials=credentials,
        timeout=instance.timeout,
        max_concurrency=instance.max_concurrency,
    )
    opened = await stack.enter_async_context(open_rest(rest))
    return _OpenInstance(opened.orders, opened.customers)
