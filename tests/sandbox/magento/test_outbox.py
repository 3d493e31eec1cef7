"""The stand-in's relay outlives its broker and its database, and says what was confirmed."""

import asyncio
from collections.abc import Callable

import pytest
from structlog.testing import capture_logs

from sidecar.errors import TransientError
from sidecar.sandbox.magento.config import MagentoSandboxConfig
from sidecar.sandbox.magento.database import Database, open_database
from sidecar.sandbox.magento.outbox import Outbox
from sidecar.sandbox.magento.placing import place
from sidecar.sandbox.magento.snapshot import PlaceOrder
from tests.fakes.publisher import MemoryPublisher
from tests.services.tcp_proxy import TcpProxy

CONFIG = MagentoSandboxConfig(instance="shop", token="t", database_url="")
ORDER = PlaceOrder.model_validate({"lines": [{"price": "19.99"}], "payment": {"method": "sidecar_stripe"}})


async def _until(fits: Callable[[], bool]) -> None:
    async with asyncio.timeout(30):
        while not fits():  # noqa: ASYNC110  # neither the log nor the fake tells anybody
            await asyncio.sleep(0.01)


async def _order(database: Database, outbox: Outbox) -> None:
    async with database.transaction() as session:
        await place(session, ORDER, CONFIG, outbox)


async def test_a_database_that_goes_away_and_comes_back(database_url: str) -> None:
    publisher, outbox = MemoryPublisher(), Outbox("shop")
    async with TcpProxy(database_url) as line, open_database(line.url) as database, open_database(database_url) as own:
        with capture_logs() as logs:
            relay = asyncio.create_task(outbox.relay(database, publisher))
            await _until(lambda: line.connections > 0)
            await line.cut()
            await _order(own, outbox)
            outbox.wake()
            await _until(lambda: any(each["event"] == "outbox waits" for each in logs))
        await line.restore()
        await _until(lambda: len(publisher.messages) == 1)
        relay.cancel()
        with pytest.raises(asyncio.CancelledError):
            await relay


async def test_what_was_confirmed_before_a_failure_is_not_published_again(database_url: str) -> None:
    publisher, outbox = MemoryPublisher(capacity=2), Outbox("shop")
    async with open_database(database_url) as database:
        for _ in range(3):
            await _order(database, outbox)
        with pytest.raises(TransientError):
            await outbox.relay_once(database, publisher)
        publisher.capacity = None
        assert await outbox.relay_once(database, publisher)
    assert len({message.message_id for message in publisher.messages}) == len(publisher.messages) == 3
