"""Fixtures that every kind of test shares."""

import os
import secrets
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import aiomysql
import pytest
from yarl import URL

from tests.services import discover
from tests.services.addresses import Services
from tests.services.private import PrivateBroker
from tests.services.private import private_broker as new_broker
from tests.services.private import private_store as new_store
from tests.services.server import Server, ServiceError

PRIVATE = "private_services"


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", f"{PRIVATE}: stops or kills a server of its own; put on tests by their fixtures")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests that share a server which one of them stops must not run side by side (`--dist loadgroup`)."""
    for item in items:
        if {"private_broker", "private_store"} & set(getattr(item, "fixturenames", ())):
            item.add_marker(PRIVATE)
            item.add_marker(pytest.mark.xdist_group(PRIVATE))


@pytest.fixture(scope="session")
def services() -> Services:
    """A RabbitMQ and a MariaDB, found or started; see `tests/services`."""
    return discover.up()


@pytest.fixture(scope="session")
def broker_url(services: Services) -> str:
    """A RabbitMQ. Every test shares it: see `topology_prefix`."""
    return services.broker_url


@pytest.fixture(scope="session")
def store_server_url(services: Services) -> str:
    """A MariaDB server on which databases may be made."""
    return services.store_url


@pytest.fixture
async def database_url(store_server_url: str) -> AsyncIterator[str]:
    """A database of the test's own, empty, dropped after it."""
    server = URL(store_server_url)
    name = f"sidecar_test_{secrets.token_hex(6)}"
    await _execute(server, f"CREATE DATABASE {name} CHARACTER SET utf8mb4")
    yield str(server.with_path(f"/{name}"))
    await _execute(server, f"DROP DATABASE {name}")


@pytest.fixture
def topology_prefix() -> str:
    """Put before every exchange and queue, so that tests on one broker do not meet."""
    return f"t{os.getpid()}-{secrets.token_hex(4)}."


@pytest.fixture(scope="session")
def _broker_process() -> Iterator[PrivateBroker]:
    broker: list[PrivateBroker] = []

    def new(home: Path) -> Server:
        broker.append(new_broker(home))
        return broker[0].server

    for _ in _running(new, "rabbitmq"):
        yield broker[0]


@pytest.fixture
def private_broker(_broker_process: PrivateBroker) -> Server:
    """A RabbitMQ that this test may stop, kill and start (through `asyncio.to_thread`); it runs at first."""
    _broker_process.server.start()
    return _broker_process.server


@pytest.fixture
def management_url(private_broker: Server, _broker_process: PrivateBroker) -> str:
    """The address of that RabbitMQ's management API, with the password."""
    return _broker_process.management_url()


@pytest.fixture(scope="session")
def _store_process() -> Iterator[Server]:
    yield from _running(new_store, "mariadb")


@pytest.fixture
def private_store(_store_process: Server) -> Server:
    """A MariaDB that this test may stop, kill and start (through `asyncio.to_thread`); it runs at first."""
    _store_process.start()
    return _store_process


@pytest.fixture
async def private_database_url(private_store: Server) -> str:
    """A database of the test's own on the private MariaDB, empty; it goes with the server."""
    server = URL(private_store.url)
    name = f"sidecar_test_{secrets.token_hex(6)}"
    await _execute(server, f"CREATE DATABASE {name} CHARACTER SET utf8mb4")
    return str(server.with_path(f"/{name}"))


def _running(new: Callable[[Path], Server], name: str) -> Iterator[Server]:
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    try:
        server = new(discover.ROOT / f"private-{name}-{worker}-{os.getpid()}")
    except ServiceError as error:
        pytest.skip(str(error))
    server.start()
    yield server
    server.remove()


async def _execute(server: URL, statement: str) -> None:
    connection = await aiomysql.connect(
        host=server.host,
        port=server.port or 3306,
        user=server.user or "root",
        password=server.password or "",
        autocommit=True,
    )
    try:
        async with connection.cursor() as cursor:
            await cursor.execute(statement)
    finally:
        await connection.ensure_closed()
