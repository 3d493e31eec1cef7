"""The stores that have to do the same: the one in SQL and the one in memory."""

from collections.abc import AsyncIterator

import pytest

from sidecar.adapters.store_sql import migrate, open_store
from sidecar.ports.store import Store
from tests.fakes.store import MemoryStore


@pytest.fixture
def memory() -> Store:
    return MemoryStore()


@pytest.fixture
async def sql(database_url: str) -> AsyncIterator[Store]:
    await migrate(database_url)
    async with open_store(database_url, connections=4, lock_connections=4) as opened:
        yield opened


@pytest.fixture(params=["memory", "sql"])
def store(request: pytest.FixtureRequest) -> Store:
    asked: Store = request.getfixturevalue(request.param)
    return asked
