"""A migrated database, and a store on it."""

from collections.abc import AsyncIterator

import pytest

from sidecar.adapters.store_sql import SqlStore, migrate, open_store


@pytest.fixture
async def migrated_url(database_url: str) -> str:
    await migrate(database_url)
    return database_url


@pytest.fixture
async def store(migrated_url: str) -> AsyncIterator[SqlStore]:
    async with open_store(migrated_url, connections=4, lock_connections=4) as opened:
        yield opened
