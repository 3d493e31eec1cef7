"""What every Magento must answer about its books: the REST adapter over the stand-in, and the database adapter."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import httpx
import pytest
from pydantic import SecretStr

from schemas.ids import Instance, MagentoOrderId
from sidecar.adapters.magento_db.books import DbBooks
from sidecar.adapters.magento_db.session import open_database
from sidecar.adapters.magento_rest.instances import MagentoRestOptions, open_rest
from sidecar.ports.magento_books import MagentoBooks
from sidecar.sandbox.magento.app import create_app
from sidecar.sandbox.magento.config import MagentoSandboxConfig
from tests.fakes.publisher import MemoryPublisher
from tests.serving import serving

SHOP = Instance("shop")
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
ORDER = {"lines": [{"price": "19.99", "qty": 2}], "payment": {"method": "sidecar_stripe"}}
PAYMENT = {
    "account": "main",
    "mode": "test",
    "payment_intent_id": "pi_1",
    "amount": "39.98",
    "currency": "USD",
}


@dataclass(frozen=True)
class Shop:
    books: MagentoBooks
    http: httpx.AsyncClient

    async def place(self) -> MagentoOrderId:
        answer = await self.http.post("/_sandbox/orders", json=ORDER)
        return MagentoOrderId(answer.raise_for_status().json()["order_id"])

    async def refund(self, order: MagentoOrderId, qty: str) -> None:
        body = {"items": [{"sku": "TEE-RED-M", "qty": qty}], "shipping_amount": "0"}
        (await self.http.post(f"/_sandbox/orders/{order}/creditmemos", json=body)).raise_for_status()

    async def pay(self, order: MagentoOrderId) -> None:
        (await self.http.post(f"/rest/V1/sidecar/orders/{order}/capture", json={"payment": PAYMENT})).raise_for_status()


@pytest.fixture(params=["rest", "db"])
async def shop(request: pytest.FixtureRequest, database_url: str) -> AsyncIterator[Shop]:
    config = MagentoSandboxConfig(instance=SHOP, token="t", database_url=database_url)
    async with (
        serving(create_app(config, MemoryPublisher())) as base,
        httpx.AsyncClient(base_url=base, trust_env=False, timeout=30, headers={"Authorization": "Bearer t"}) as http,
        open_rest(MagentoRestOptions(instance=SHOP, base_url=base, credentials=SecretStr("t"))) as rest,
        open_database(database_url, "") as database,
    ):
        (await http.get("/_sandbox/orders")).raise_for_status()
        yield Shop(rest.books if request.param == "rest" else DbBooks(SHOP, database), http)


async def test_orders_come_by_their_ids_and_no_page_hides_one(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sidecar.adapters.magento_rest.books.PAGE", 2)
    monkeypatch.setattr("sidecar.adapters.magento_db.books.PAGE", 2)
    placed = [await shop.place() for _ in range(5)]
    seen = [order async for order in shop.books.orders_updated_since(LONG_AGO)]
    assert [order.order_id for order in seen] == placed
    assert {(order.grand_total, order.currency, order.state) for order in seen} == {
        (Decimal("39.98"), "USD", "pending_payment")
    }
    assert [order.order_id for order in await shop.books.orders([*placed[1:4], MagentoOrderId(999)])] == placed[1:4]


async def test_what_did_not_change_since_is_left_out(shop: Shop) -> None:
    await shop.place()
    later = datetime.now(UTC) + timedelta(hours=1)
    assert [order async for order in shop.books.orders_updated_since(later)] == []


async def test_a_payment_and_its_credit_memos_are_read_exactly(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sidecar.adapters.magento_rest.books.PAGE", 1)
    paid, other = await shop.place(), await shop.place()
    await shop.pay(paid)
    for _ in range(2):
        await shop.refund(paid, "1")
    memos = await shop.books.creditmemos([paid, other])
    assert [(memo.order_id, memo.grand_total, memo.currency, memo.state) for memo in memos] == [
        (paid, Decimal("19.99"), "USD", "open"),
        (paid, Decimal("19.99"), "USD", "open"),
    ]
    (order,) = await shop.books.orders([paid])
    assert (order.total_paid, order.total_refunded) == (Decimal("39.98"), Decimal("39.98"))
    assert await shop.books.creditmemos([]) == ()
