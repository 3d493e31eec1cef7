"""`sidecar.ports.magento_books.MagentoBooks` by SQL."""

from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime
from typing import Final

from schemas.ids import Instance, MagentoOrderId
from sidecar.adapters.magento_db.rows import order_of
from sidecar.adapters.magento_db.session import Database, Row
from sidecar.ports.magento import MagentoOrder
from sidecar.ports.magento_books import MEMO_STATES, BookedMemo

PAGE: Final = 1000
_ORDERS: Final = """
SELECT o.entity_id, o.increment_id, o.store_id, o.state, o.status, o.order_currency_code, o.grand_total, o.total_paid,
  o.total_refunded, o.updated_at, o.customer_id, p.method, p.last_trans_id
FROM {sales_order} o JOIN {sales_order_payment} p ON p.parent_id = o.entity_id
"""


class DbBooks:
    """The books of one instance. Besides the orders' tables it reads `sales_creditmemo`."""

    def __init__(self, instance: Instance, database: Database) -> None:
        self._instance = instance
        self._database = database

    @property
    def instance(self) -> Instance:
        """Which instance this is."""
        return self._instance

    async def orders_updated_since(self, since: datetime) -> AsyncIterator[MagentoOrder]:
        """A read for each page."""
        begin = since.astimezone(UTC).replace(tzinfo=None)
        last = 0
        while True:
            found = await self._orders(
                "WHERE o.updated_at >= %(begin)s AND o.entity_id > %(last)s ORDER BY o.entity_id LIMIT %(page)s",
                {"begin": begin, "last": last, "page": PAGE},
            )
            for each in found:
                yield each
            if len(found) < PAGE:
                return
            last = found[-1].order_id

    async def orders(self, ids: Sequence[MagentoOrderId]) -> tuple[MagentoOrder, ...]:
        """A read for each page of ids."""
        found: list[MagentoOrder] = []
        for begin in range(0, len(ids), PAGE):
            places, values = _places(ids[begin : begin + PAGE])
            found += await self._orders(f"WHERE o.entity_id IN ({places}) ORDER BY o.entity_id", values)
        return tuple(found)

    async def creditmemos(self, ids: Sequence[MagentoOrderId]) -> tuple[BookedMemo, ...]:
        """A read for each page of ids."""
        found: list[BookedMemo] = []
        for begin in range(0, len(ids), PAGE):
            places, values = _places(ids[begin : begin + PAGE])
            async with self._database.transaction() as session:
                rows = await session.rows(
                    "SELECT entity_id, order_id, state, order_currency_code, grand_total, transaction_id, updated_at"  # noqa: S608  # places, not values
                    f" FROM {{sales_creditmemo}} WHERE order_id IN ({places}) ORDER BY entity_id",
                    values,
                )
            found += [_memo(row) for row in rows]
        return tuple(found)

    async def _orders(self, condition: str, values: dict[str, object]) -> list[MagentoOrder]:
        async with self._database.transaction() as session:
            rows = await session.rows(_ORDERS + condition, values)
        return [order_of(row, row) for row in rows]


def _places(ids: Sequence[MagentoOrderId]) -> tuple[str, dict[str, object]]:
    """Where the ids stand in a statement, and the ids."""
    values: dict[str, object] = {f"id_{number}": int(each) for number, each in enumerate(ids)}
    return ", ".join(f"%({name})s" for name in values), values


def _memo(row: Row) -> BookedMemo:
    return BookedMemo(
        creditmemo_id=row["entity_id"],
        order_id=row["order_id"],
        state=MEMO_STATES.get(row["state"], "open"),
        currency=row["order_currency_code"],
        grand_total=row["grand_total"],
        transaction_id=row["transaction_id"],
        updated_at=row["updated_at"].replace(tzinfo=UTC),
    )
