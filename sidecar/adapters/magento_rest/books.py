"""`sidecar.ports.magento_books.MagentoBooks` over REST.

Source: developer.adobe.com/commerce/webapi/rest/use-rest/performing-searches. Times in a search are UTC, as columns.
"""

from collections.abc import AsyncIterator, Iterator, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Final
from urllib.parse import urlencode

from pydantic import field_validator

from schemas.contract import Frozen
from schemas.ids import Instance, MagentoCreditmemoId, MagentoOrderId
from sidecar.adapters.magento_rest.client import MagentoClient
from sidecar.adapters.magento_rest.documents import OrderDocument
from sidecar.ports.magento import MagentoOrder
from sidecar.ports.magento_books import MEMO_STATES, BookedMemo

PAGE: Final = 100
"""Orders at a time: Magento loads each with its items, addresses and history, so that a page takes about a second."""


class _Orders(Frozen):
    items: tuple[OrderDocument, ...]
    total_count: int


class _Memo(Frozen):
    """`sales-data-creditmemo-interface`."""

    entity_id: int
    order_id: MagentoOrderId
    state: int
    order_currency_code: str
    grand_total: Decimal
    transaction_id: str | None = None
    updated_at: datetime

    @field_validator("updated_at")
    @classmethod
    def _utc(cls, value: datetime) -> datetime:
        return value.replace(tzinfo=UTC)

    def memo(self) -> BookedMemo:
        """As the port says it."""
        return BookedMemo(
            creditmemo_id=MagentoCreditmemoId(self.entity_id),
            order_id=self.order_id,
            state=MEMO_STATES.get(self.state, "open"),
            currency=self.order_currency_code,
            grand_total=self.grand_total,
            transaction_id=self.transaction_id,
            updated_at=self.updated_at,
        )


class _Memos(Frozen):
    items: tuple[_Memo, ...]
    total_count: int


class RestBooks:
    """The books of one instance; see the port for what each method means."""

    def __init__(self, instance: Instance, client: MagentoClient) -> None:
        self._instance = instance
        self._client = client

    @property
    def instance(self) -> Instance:
        """Which instance this is."""
        return self._instance

    async def orders_updated_since(self, since: datetime) -> AsyncIterator[MagentoOrder]:
        """`GET /V1/orders` by id, page after page: an order that changes meanwhile hides no other."""
        last = 0
        begin = f"{since.astimezone(UTC):%Y-%m-%d %H:%M:%S}"
        while True:
            found = await self._orders(("updated_at", "gteq", begin), ("entity_id", "gt", str(last)))
            for each in found:
                yield each
            if len(found) < PAGE:
                return
            last = found[-1].order_id

    async def orders(self, ids: Sequence[MagentoOrderId]) -> tuple[MagentoOrder, ...]:
        """`GET /V1/orders`, a page of ids at a time."""
        found: list[MagentoOrder] = []
        for part in _parts(ids):
            found += await self._orders(("entity_id", "in", part))
        return tuple(found)

    async def creditmemos(self, ids: Sequence[MagentoOrderId]) -> tuple[BookedMemo, ...]:
        """`GET /V1/creditmemos`, a page of orders at a time, and all their memos."""
        found: list[BookedMemo] = []
        for part in _parts(ids):
            last = 0
            while True:
                query = _search(("order_id", "in", part), ("entity_id", "gt", str(last)))
                page = (await self._client.get(f"creditmemos?{query}", _Memos)).items
                found += [each.memo() for each in page]
                if len(page) < PAGE:
                    break
                last = page[-1].entity_id
        return tuple(found)

    async def _orders(self, *conditions: tuple[str, str, str]) -> list[MagentoOrder]:
        found = await self._client.get(f"orders?{_search(*conditions)}", _Orders)
        return [each.order() for each in found.items]


def _parts(ids: Sequence[MagentoOrderId]) -> Iterator[str]:
    for begin in range(0, len(ids), PAGE):
        yield ",".join(str(each) for each in ids[begin : begin + PAGE])


def _search(*conditions: tuple[str, str, str]) -> str:
    """All conditions have to hold, so each is a group of its own; always in the order of ids."""
    fields: list[tuple[str, str]] = []
    for number, (field, condition, value) in enumerate(conditions):
        name = f"searchCriteria[filter_groups][{number}][filters][0]"
        fields += [(f"{name}[field]", field), (f"{name}[condition_type]", condition), (f"{name}[value]", value)]
    fields += [
        ("searchCriteria[sortOrders][0][field]", "entity_id"),
        ("searchCriteria[sortOrders][0][direction]", "ASC"),
        ("searchCriteria[pageSize]", str(PAGE)),
    ]
    return urlencode(fields)
