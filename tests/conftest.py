"""Fixtures that every kind of test shares."""

import asyncio
import os
import secrets
from collections.abc import AsyncIterator

import aiomysql
import pytest
from yarl import URL

from tests.services.addresses import named


@pytest.fixture(scope="session")
def broker_url() -> str:
    """A RabbitMQ; `make test` finds or starts one."""
    return named().broker_url


@pytest.fixture(scope="session")
def store_server_url() -> str:
    """A MariaDB server on which databases may be made."""
    return named().store_url


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
        connection.close()
        await asyncio.sleep(0)  # lets the transport close before the loop does
