"""Puts the adapters together from the settings: the one place where ports meet their implementations."""

import os
import secrets
import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial

from schemas.ids import AccountAlias, Instance, StripeRef
from sidecar.adapters.broker_amqp.publisher import AmqpPublisher, open_publisher
from sidecar.adapters.magento_db.books import DbBooks
from sidecar.adapters.magento_db.instance import DbInstance
from sidecar.adapters.magento_db.orders import DbOrders
from sidecar.adapters.magento_db.session import open_database
from sidecar.adapters.magento_observer import MagentoObserver, Unobserved
from sidecar.adapters.magento_rest.authorization import OAuthCredentials
from sidecar.adapters.magento_rest.instances import MagentoRestOptions, RestInstance, open_rest
from sidecar.adapters.store_sql import SqlStore, open_store
from sidecar.adapters.stripe.accounts import StripeAccounts, open_accounts
from sidecar.adapters.stripe.observer import StripeObserver
from sidecar.adapters.stripe.options import StripeAccountOptions, Timeouts, stripe_limits
from sidecar.breaker.board import Board
from sidecar.breaker.breaker import CircuitObserver
from sidecar.breaker.circuit import STORE_CIRCUIT, magento_circuit, stripe_circuit
from sidecar.breaker.guard import Guard
from sidecar.limiter.sharing import sharing
from sidecar.ports.bundle import Ports
from sidecar.ports.magento import MagentoOrders
from sidecar.ports.magento_books import MagentoBooks
from sidecar.ports.magento_customers import MagentoCustomers
from sidecar.settings.sections import MagentoInstance, StripeAccount
from sidecar.settings.settings import Settings
from sidecar.system_clock import SystemClock
from sidecar.topology import Names
from sidecar.upstreams import breaker_policy, upstreams_of


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenPorts(Ports):
    """The ports with their real adapters, for those who need more of them than the port says."""

    store: SqlStore
    payments: StripeAccounts
    publisher: AmqpPublisher
    books: Mapping[Instance, MagentoBooks]
    replica: str
    board: Board | None


@asynccontextmanager
async def open_ports(
    settings: Settings,
    *,
    observer: StripeObserver | None = None,
    magento_observer: MagentoObserver | None = None,
    circuit_observer: CircuitObserver | None = None,
    locks: int = 4,
    busy: bool = False,
    part: float | None = None,
) -> AsyncIterator[OpenPorts]:
    """Open everything, and close it after the block. Nothing is connected before it is used.

    Args:
        settings: the operator's.
        observer: told about each call to Stripe.
        magento_observer: told about each call to Magento.
        circuit_observer: told about each change of a circuit.
        locks: how many orders may be held at once.
        busy: whether this process lives on calling Stripe. Busy processes share the account's limits in equal parts;
            the others (timers, the command line) make do with a small part of their own. Only busy ones leave an
            upstream alone that is down.
        part: how much of each account's limits a process takes that is not busy; by default `ASIDE`.
    """
    clock = SystemClock()
    async with AsyncExitStack() as stack:
        store = await stack.enter_async_context(
            open_store(
                settings.store.url.get_secret_value(), connections=settings.store.pool_size, lock_connections=locks
            )
        )
        replica = f"{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(4)}"[-64:]
        board = None
        if busy:
            board = Board(
                upstreams_of(settings),
                store.circuits,
                policy=breaker_policy(settings),
                clock=clock,
                replica=replica,
                own={STORE_CIRCUIT: "store"},
                observer=circuit_observer,
            )
            await stack.enter_async_context(board.kept())
        share = 1.0 if busy else part or ASIDE
        accounts = [_account(name, account, settings, share) for name, account in settings.stripe.items()]
        guards = {each.ref: board[stripe_circuit(each.ref)] for each in accounts} if board else {}
        payments = await stack.enter_async_context(open_accounts(accounts, clock, observer, guards))
        if busy:
            for ref, account in payments.items():
                await stack.enter_async_context(
                    sharing(account.limiter, store.replicas, group=f"stripe:{ref}", replica=replica, clock=clock)
                )
        magento: dict[Instance, MagentoOrders] = {}
        books: dict[Instance, MagentoBooks] = {}
        customers: dict[Instance, MagentoCustomers] = {}
        for name, instance in settings.magento.items():
            each = Instance(name)
            guard = board[magento_circuit(each, instance.adapter)] if board else None
            told = magento_observer or Unobserved()
            opened = await _instance(each, instance, stack, told, guard)
            magento[each], books[each] = opened.orders, opened.books
            if isinstance(opened, RestInstance):
                customers[each] = opened.customers
        names = Names(settings.broker.prefix)
        publisher = await stack.enter_async_context(open_publisher(settings.broker.url.get_secret_value(), names))
        yield OpenPorts(
            store=store,
            payments=payments,
            magento=magento,
            magento_customers=customers,
            publisher=publisher,
            policies=settings.policies(),
            clock=clock,
            books=books,
            replica=replica,
            board=board,
        )


ASIDE = 0.04
"""The part of an account's limits that a process takes which is not busy: one call a second of the usual 25."""


def _account(name: str, account: StripeAccount, settings: Settings, part: float) -> StripeAccountOptions:
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


async def _instance(
    name: Instance, instance: MagentoInstance, stack: AsyncExitStack, observer: MagentoObserver, guard: Guard | None
) -> RestInstance | DbInstance:
    """The instance's adapters, on connections of their own."""
    if instance.adapter == "db" and instance.database_url is not None:
        database = await stack.enter_async_context(
            open_database(
                instance.database_url.get_secret_value(), instance.table_prefix, partial(observer.answered, name), guard
            )
        )
        return DbInstance(DbOrders(name, database), DbBooks(name, database))
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
        observer=observer,
    )
    return await stack.enter_async_context(open_rest(rest, guard))
