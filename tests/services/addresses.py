"""Where the services are, and whether somebody answers there."""

import asyncio
import logging
from dataclasses import dataclass

import aio_pika
import aiomysql
from yarl import URL

BROKER_VARIABLE = "SIDECAR_TEST_BROKER_URL"
STORE_VARIABLE = "SIDECAR_TEST_STORE_URL"
DEFAULT_BROKER = "amqp://guest:guest@127.0.0.1:5672/"
DEFAULT_STORE = "mysql://root@127.0.0.1:3306/"
PATIENCE = 5.0
"""Seconds that a login may take before nobody counts as being there."""


@dataclass(frozen=True, slots=True)
class Services:
    """The addresses of a broker, and of a database server on which databases may be made."""

    broker_url: str
    store_url: str

    def environment(self) -> dict[str, str]:
        """As variables for the demo and the tests."""
        return {BROKER_VARIABLE: self.broker_url, STORE_VARIABLE: self.store_url}


logging.getLogger("aio_pika").setLevel(logging.CRITICAL)  # a refused connection is an answer here
logging.getLogger("aiormq").setLevel(logging.CRITICAL)


async def _broker_answers(url: str) -> bool:
    try:
        async with asyncio.timeout(PATIENCE):
            connection = await aio_pika.connect(url)
            await connection.close()
    except (OSError, TimeoutError, aio_pika.exceptions.AMQPError):
        return False
    return True


async def _store_answers(url: str) -> bool:
    address = URL(url)
    try:
        async with asyncio.timeout(PATIENCE):
            connection = await aiomysql.connect(
                host=address.host,
                port=address.port or 3306,
                user=address.user or "root",
                password=address.password or "",
            )
            await connection.ensure_closed()
    except (OSError, TimeoutError, aiomysql.Error):
        return False
    return True


def broker_answers(url: str) -> bool:
    """Whether a login at this broker succeeds; blocks, so a coroutine asks through `asyncio.to_thread`."""
    return asyncio.run(_broker_answers(url))


def store_answers(url: str) -> bool:
    """Whether a login at this database server succeeds; blocks, so a coroutine asks through `asyncio.to_thread`."""
    return asyncio.run(_store_answers(url))


def without_password(url: str) -> str:
    """To be shown to people."""
    address = URL(url)
    return str(address.with_password("***") if address.password else address)
