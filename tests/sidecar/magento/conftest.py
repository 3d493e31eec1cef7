"""A database with Magento's tables, and orders in it."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest

from schemas.ids import Instance, MagentoOrderId
from sidecar.adapters.magento_db.orders import DbOrders, MagentoDbOptions, open_db_orders
from sidecar.sandbox.magento.config import MagentoSandboxConfig
from sidecar.sandbox.magento.database import Database, open_database
from sidecar.sandbox.magento.outbox import Outbox
from sidecar.sandbox.magento.placing import place
from sidecar.sandbox.magento.snapshot import PlaceOrder

Place = Callable[..., Awaitable[MagentoOrderId]]


def placing(database: Database) -> Place:
    """A way to put orders into these tables: 87.48 USD unless said otherwise."""
    config = MagentoSandboxConfig(instance="shop", token="t", database_url="")

    async def one(**fields: Any) -> MagentoOrderId:
        wanted: dict[str, Any] = {"lines": [{"price": "87.48"}], "payment": {"method": "sidecar_stripe"}}
        async with database.transaction() as session:
            order = await place(session, PlaceOrder.model_validate(wanted | fields), config, Outbox("shop"))
        return order.order_id

    return one


@pytest.fixture
async def tables(database_url: str) -> AsyncIterator[Database]:
    async with open_database(database_url) as database:
        yield database


@pytest.fixture
def place_order(tables: Database) -> Place:
    return placing(tables)


@pytest.fixture
async def db_orders(database_url: str, tables: Database) -> AsyncIterator[DbOrders]:
    async with open_db_orders(MagentoDbOptions(instance=Instance("shop"), url=database_url)) as orders:
        yield orders
