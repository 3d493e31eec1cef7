"""The stand-in answers as a real Magento did. The recordings lie beside the project, where they lie at all."""

import json
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from sidecar.sandbox.magento.app import create_app
from sidecar.sandbox.magento.config import MagentoSandboxConfig
from sidecar.sandbox.magento.customer_bodies import AddressBody, CustomerBody, RegionBody
from sidecar.sandbox.magento.database import SCHEMA
from tests.fakes.publisher import MemoryPublisher
from tests.serving import serving

SHARED = Path(__file__).parents[4] / "shared" / "magento"
pytestmark = pytest.mark.skipif(
    not SHARED.exists(), reason="the recordings of a real Magento are not beside the project"
)

UNMODELLED = {
    "billing_address_id",
    *(f"{prefix}{name}_refunded" for prefix in ("", "base_") for name in ("shipping_tax", "discount_tax_compensation")),
}
"""Fields of a real order that say nothing about payments are not all worked out; these names are ours to excuse."""


def recorded(number: int) -> dict[str, Any]:
    (path,) = (SHARED / "recorded").glob(f"{number:02d}-*.json")
    read: dict[str, Any] = json.loads(path.read_text())
    return read


@pytest.fixture
async def shop(database_url: str) -> AsyncIterator[httpx.AsyncClient]:
    config = MagentoSandboxConfig(instance="shop", token="t", database_url=database_url)
    async with (
        serving(create_app(config, MemoryPublisher())) as base,
        httpx.AsyncClient(base_url=f"{base}", trust_env=False, headers={"Authorization": "Bearer t"}) as http,
    ):
        yield http


async def place(shop: httpx.AsyncClient) -> int:
    body = {"lines": [{"price": "19.99", "qty": 2}], "shipping": "25.00", "payment": {"method": "sidecar_stripe"}}
    answer = await shop.post("/_sandbox/orders", json=body)
    order: int = answer.json()["order_id"]
    return order


async def repeat(shop: httpx.AsyncClient, number: int, order: int) -> httpx.Response:
    """Send a recorded request, about our order."""
    request = recorded(number)["request"]
    path = re.sub(r"/(orders?)/\d+", rf"/\1/{order}", request["path"])
    return await shop.request(request["method"], f"/rest/default{path}", json=request["body"])


async def test_a_new_order_has_the_fields_of_a_real_one(shop: httpx.AsyncClient) -> None:
    order = await place(shop)
    ours = (await shop.get(f"/rest/default/V1/orders/{order}")).json()
    real = recorded(9)["response"]
    assert set(real) - set(ours) <= UNMODELLED
    for part in ("billing_address", "payment"):
        assert set(real[part]) - set(ours[part]) == set()
    assert set(real["extension_attributes"]) == set(ours["extension_attributes"])
    assert {type(ours[name]) for name in ("grand_total", "subtotal")} <= {int, float}
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", ours["created_at"])


@pytest.mark.parametrize("number", [10, 11])
async def test_comment_and_hold(shop: httpx.AsyncClient, number: int) -> None:
    order = await place(shop)
    answer = await repeat(shop, number, order)
    assert (answer.status_code, answer.json()) == (recorded(number)["status"], recorded(number)["response"])


async def test_unhold_gives_the_state_back(shop: httpx.AsyncClient) -> None:
    order = await place(shop)
    await repeat(shop, 11, order)
    held = (await shop.get(f"/rest/default/V1/orders/{order}")).json()
    assert (held["state"], held["hold_before_state"]) == ("holded", "pending_payment")
    answer = await repeat(shop, 13, order)
    assert answer.json() == recorded(13)["response"]
    assert (await shop.get(f"/rest/default/V1/orders/{order}")).json()["state"] == "pending_payment"


async def test_an_invoice_once_and_not_twice(shop: httpx.AsyncClient) -> None:
    order = await place(shop)
    first = await repeat(shop, 14, order)
    assert (first.status_code, type(first.json())) == (200, type(recorded(14)["response"]))
    paid = (await shop.get(f"/rest/default/V1/orders/{order}")).json()
    assert (paid["state"], paid["total_paid"], paid["total_due"]) == ("processing", paid["grand_total"], 0)
    second = await repeat(shop, 19, order)
    assert (second.status_code, second.json()) == (recorded(19)["status"], recorded(19)["response"])


async def test_a_refund_of_one_item_and_its_memo(shop: httpx.AsyncClient) -> None:
    order = await place(shop)
    await repeat(shop, 14, order)
    item = (await shop.get(f"/rest/default/V1/orders/{order}")).json()["items"][0]["item_id"]
    asked = recorded(23)["request"]["body"]
    asked["items"][0]["order_item_id"] = item
    answer = await shop.post(f"/rest/default/V1/order/{order}/refund", json=asked)
    assert (answer.status_code, type(answer.json())) == (recorded(23)["status"], type(recorded(23)["response"]))
    real = recorded(24)["response"]
    memo = (await shop.get(f"/rest/default/V1/creditmemo/{answer.json()}")).json()
    assert set(real) - set(memo) == set()
    assert set(real["items"][0]) - set(memo["items"][0]) == set()
    amounts = ("grand_total", "subtotal", "shipping_amount", "adjustment_positive", "tax_amount", "state")
    assert {name: memo[name] for name in amounts} == {name: real[name] for name in amounts}
    real, ours = recorded(27)["response"], (await shop.get(f"/rest/default/V1/orders/{order}")).json()
    refunded = {name for name in real if name.endswith("_refunded")} - UNMODELLED
    assert {name: ours[name] for name in refunded} == {name: real[name] for name in refunded}
    assert ours["payment"]["amount_refunded"] == real["payment"]["amount_refunded"]
    assert ours["items"][0]["amount_refunded"] == real["items"][0]["amount_refunded"]
    (told,) = (line for line in ours["status_histories"] if line["entity_name"] == "creditmemo")
    assert told["comment"].endswith("offline.")
    assert real["status_histories"][0]["comment"].endswith("offline.")


async def test_a_cancellation(shop: httpx.AsyncClient) -> None:
    order = await place(shop)
    answer = await repeat(shop, 37, order)
    assert (answer.status_code, answer.json()) == (200, recorded(37)["response"])
    real, ours = recorded(38)["response"], (await shop.get(f"/rest/default/V1/orders/{order}")).json()
    assert (ours["state"], ours["status"]) == (real["state"], real["status"])
    assert ours["total_canceled"] == ours["grand_total"]


async def test_an_order_that_is_missing(shop: httpx.AsyncClient) -> None:
    answer = await shop.get("/rest/default/V1/orders/999999")
    assert (answer.status_code, answer.json()) == (recorded(44)["status"], recorded(44)["response"])


async def test_a_token_that_is_wrong(shop: httpx.AsyncClient) -> None:
    order = await place(shop)
    answer = await shop.get(f"/rest/default/V1/orders/{order}", headers={"Authorization": "Bearer x"})
    assert (answer.status_code, answer.json()) == (recorded(45)["status"], recorded(45)["response"])


async def test_a_customer_is_made_and_changed(shop: httpx.AsyncClient) -> None:
    made = await repeat(shop, 4, 0)
    assert made.status_code == recorded(4)["status"]
    assert _without_times(made.json()) == _without_times(recorded(4)["response"])
    changed = await repeat(shop, 5, 0)
    assert changed.status_code == recorded(5)["status"]
    assert _without_times(changed.json()) == _without_times(recorded(5)["response"])
    again = await shop.get("/rest/default/V1/customers/1")
    assert again.json() == changed.json()


def _without_times(customer: dict[str, Any]) -> dict[str, Any]:
    for name in ("created_at", "updated_at"):
        assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", customer[name])
    return {name: value for name, value in customer.items() if name not in {"created_at", "updated_at"}}


async def test_requests_about_customers_fit_the_description_of_magentos_rest() -> None:
    described = json.loads((SHARED / "rest-swagger.json").read_text())["definitions"]
    for body, name in (
        (CustomerBody, "customer-data-customer-interface"),
        (AddressBody, "customer-data-address-interface"),
        (RegionBody, "customer-data-region-interface"),
    ):
        fields = {field.alias or known for known, field in body.model_fields.items()}
        assert fields - set(described[name]["properties"]) == set()


async def test_transactions_of_a_shop_without_any(shop: httpx.AsyncClient) -> None:
    answer = await shop.get("/rest/default" + recorded(28)["request"]["path"])
    assert answer.json() == recorded(28)["response"]


def columns(sql: str) -> dict[str, dict[str, str]]:
    """Types of columns, by table; marks like NOT NULL are left out."""
    tables = {}
    for statement in sql.split(";\n"):
        opened = re.search(r"CREATE TABLE (?:IF NOT EXISTS )?`?(\w+)`? \(", statement)
        if opened is None:
            continue
        body = statement[opened.end() : statement.rindex(")")]
        kinds = "int|smallint|varchar|decimal|text|blob|timestamp|bigint|longtext|datetime"
        found = re.findall(rf"(?:^|,)\s*`?(\w+)`? ((?:{kinds})\b(?:\([\d,]+\))?(?: unsigned)?)", body)
        tables[opened.group(1)] = dict(found)
    return tables


def test_the_tables_are_magentos() -> None:
    real, ours = columns((SHARED / "schema.sql").read_text()), columns(SCHEMA.read_text())
    checked = 0
    for table, fields in ours.items():
        if table.startswith("sidecar_"):
            continue
        for column, kind in fields.items():
            assert real[table][column] == kind, f"{table}.{column}"
            checked += 1
    assert checked > 150
