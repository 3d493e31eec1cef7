"""The stand-in as an ASGI application."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette

from sidecar.ports.publisher import Publisher
from sidecar.sandbox.magento.config import MagentoSandboxConfig
from sidecar.sandbox.magento.control import control_routes
from sidecar.sandbox.magento.database import open_database
from sidecar.sandbox.magento.order_page import order_page_routes
from sidecar.sandbox.magento.rest import Rest
from sidecar.sandbox.magento.shop import Shop


def create_app(config: MagentoSandboxConfig, publisher: Publisher) -> Starlette:
    """Everything under `/rest`, the control under `/_sandbox`, and the shopper's page.

    The database is opened, and the outbox relayed, from the application's start to its end.
    """
    shop = Shop(config)

    @asynccontextmanager
    async def running(_app: Starlette) -> AsyncIterator[None]:
        async with open_database(config.database_url) as database:
            shop.database = database
            relay = asyncio.create_task(shop.outbox.relay(database, publisher))
            try:
                yield
            finally:
                relay.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await relay

    routes = [*Rest(shop).routes(), *control_routes(shop), *order_page_routes(shop)]
    return Starlette(routes=routes, lifespan=running)
