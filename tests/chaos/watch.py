"""Looks at the shop's tables again and again, as everybody who waits for something in it would."""

import asyncio
import contextlib
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import aiomysql
import orjson
from pymysql.err import MySQLError
from yarl import URL

LOOK_EVERY = 0.25
_LOOK = (
    "SELECT o.entity_id, o.state, o.status, o.total_paid, o.grand_total, p.last_trans_id, p.additional_information"
    " FROM sales_order o JOIN sales_order_payment p ON p.parent_id = o.entity_id WHERE o.entity_id IN ({})"
)


class StuckError(Exception):
    """Something did not come about, however long it was waited for."""


@dataclass(frozen=True, slots=True)
class OrderSeen:
    """An order as Magento has it."""

    state: str
    status: str
    paid: bool
    transaction: str | None
    link: Mapping[str, Any]


async def rows_of(url: str, statement: str, *values: object) -> list[tuple[Any, ...]]:
    """What a statement finds, over a connection of its own; tried until the database is there."""
    while True:
        with contextlib.suppress(MySQLError, OSError, RuntimeError):
            return await _ask(url, statement, values)
        await asyncio.sleep(LOOK_EVERY)


async def _ask(url: str, statement: str, values: tuple[object, ...]) -> list[tuple[Any, ...]]:
    address = URL(url)
    connection = await aiomysql.connect(
        host=address.host,
        port=address.port or 3306,
        user=address.user,
        password=address.password or "",
        db=address.path.strip("/"),
        autocommit=True,
        connect_timeout=5,
    )
    try:
        async with connection.cursor() as cursor:
            await cursor.execute(statement, values or None)
            return list(await cursor.fetchall())
    finally:
        connection.close()


class Watch:
    """Knows how the orders are that somebody waits for."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._seen: dict[int, OrderSeen] = {}
        self._awaited: dict[int, int] = {}
        self._looked = asyncio.Condition()
        self._moved = 0.0

    async def look(self) -> None:
        """For ever."""
        while True:
            await asyncio.sleep(LOOK_EVERY)
            if not self._awaited:
                continue
            rows = await rows_of(self._url, _LOOK.format(", ".join(map(str, self._awaited))))
            seen = {row[0]: _seen(row) for row in rows}
            if any(self._seen.get(order_id) != now for order_id, now in seen.items()):
                self._moved = time.monotonic()
            async with self._looked:
                self._seen |= seen
                self._looked.notify_all()

    async def until(self, order_id: int, fits: Callable[[OrderSeen], bool], what: str, patience: float) -> OrderSeen:
        """The order as soon as it fits.

        A machine may be slow: what is waited for is given up only when no other order moves any more either.

        Raises:
            StuckError: it does not fit, and for `patience` seconds nothing has moved.
        """
        self._awaited[order_id] = self._awaited.get(order_id, 0) + 1
        began = time.monotonic()
        try:
            async with self._looked:
                while order_id not in self._seen or not fits(self._seen[order_id]):
                    await self._looked.wait()
                    if time.monotonic() - max(began, self._moved) > patience:
                        raise StuckError(f"order {order_id} is not {what}: {self._seen.get(order_id)}")
                return self._seen[order_id]
        finally:
            self._awaited[order_id] -= 1
            if not self._awaited[order_id]:
                del self._awaited[order_id]


def _seen(row: tuple[Any, ...]) -> OrderSeen:
    _, state, status, paid, total, transaction, information = row
    link = orjson.loads(information or "{}").get("payment_link") or {}
    return OrderSeen(state, status, paid == total, transaction, link)
