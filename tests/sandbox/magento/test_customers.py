"""Are customers kept as Magento keeps them, and told as the module tells them?"""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx
import orjson
import pytest

from schemas.magento.customer_deleted_v1 import CustomerDeletedV1
from schemas.magento.customer_saved_v1 import CustomerSavedV1
from sidecar.sandbox.magento.app import create_app
from sidecar.sandbox.magento.config import MagentoSandboxConfig
from tests.fakes.publisher import MemoryPublisher
from tests.serving import serving

ADDRESS = {
    "firstname": "Grace",
    "lastname": "Hopper",
    "street": ["1 Navy Way"],
    "city": "Arlington",
    "region": {"region_id": 61, "region": "Virginia", "region_code": "VA"},
    "postcode": "22201",
    "country_id": "US",
    "telephone": "5550100",
    "default_billing": True,
    "default_shipping": True,
}


class Shop:
    def __init__(self, http: httpx.AsyncClient, publisher: MemoryPublisher) -> None:
        self.http = http
        self.publisher = publisher

    async def create(self, **fields: Any) -> dict[str, Any]:
        customer = {"email": "grace@example.com", "firstname": "Grace", "lastname": "Hopper", **fields}
        answer = await self.http.post("/rest/V1/customers", json={"customer": customer})
        answer.raise_for_status()
        made: dict[str, Any] = answer.json()
        return made

    async def save(self, customer: dict[str, Any]) -> httpx.Response:
        return await self.http.put(f"/rest/V1/customers/{customer['id']}", json={"customer": customer})

    async def told(self, count: int) -> list[CustomerSavedV1 | CustomerDeletedV1]:
        async with asyncio.timeout(30):
            while len(self.publisher.messages) < count:  # noqa: ASYNC110  # the relay tells nobody
                await asyncio.sleep(0.01)
        kinds = {kind.TYPE: kind for kind in (CustomerSavedV1, CustomerDeletedV1)}
        bodies = [orjson.loads(message.body) for message in self.publisher.messages]
        return [kinds[body["type"]].model_validate(body["data"]) for body in bodies]


@pytest.fixture
async def shop(database_url: str) -> AsyncIterator[Shop]:
    publisher = MemoryPublisher()
    config = MagentoSandboxConfig(instance="shop", token="t", database_url=database_url)
    async with (
        serving(create_app(config, publisher)) as base,
        httpx.AsyncClient(base_url=base, trust_env=False, headers={"Authorization": "Bearer t"}) as http,
    ):
        yield Shop(http, publisher)


async def test_each_change_is_told_once_and_what_changes_nothing_is_not(shop: Shop) -> None:
    made = await shop.create(addresses=[ADDRESS])
    (await shop.save(made)).raise_for_status()
    (await shop.save(made | {"lastname": "Murray Hopper"})).raise_for_status()
    first, second = await shop.told(2)
    assert isinstance(first, CustomerSavedV1)
    assert isinstance(second, CustomerSavedV1)
    assert (first.is_new, first.lastname, first.changed_fields) == (True, "Hopper", ())
    assert (second.is_new, second.lastname, second.changed_fields) == (False, "Murray Hopper", ("lastname",))
    assert first.billing == first.shipping
    assert first.billing is not None
    assert first.billing.address.region_code == "VA"
    outbox = (await shop.http.get("/_sandbox/outbox")).json()
    assert outbox["events"] == 2


async def test_addresses_that_are_not_sent_stay_and_those_that_are_missing_go(shop: Shop) -> None:
    made = await shop.create(addresses=[ADDRESS, ADDRESS | {"street": ["2 Navy Way"], "default_billing": False}])
    short = {name: value for name, value in made.items() if name != "addresses"}
    answer = await shop.save(short | {"lastname": "Murray"})
    assert [each["street"] for each in answer.json()["addresses"]] == [["1 Navy Way"], ["2 Navy Way"]]
    first, second = answer.json()["addresses"]
    assert (first.get("default_billing"), second.get("default_shipping")) == (True, True)
    answer = await shop.save(made | {"addresses": [second]})
    assert [each["id"] for each in answer.json()["addresses"]] == [second["id"]]
    assert "default_billing" not in answer.json()


async def test_custom_attributes_stay_unless_they_are_sent(shop: Shop) -> None:
    attributes = [{"attribute_code": "loyalty", "value": "gold"}]
    made = await shop.create(custom_attributes=attributes)
    short = {name: value for name, value in made.items() if name != "custom_attributes"}
    answer = await shop.save(short | {"lastname": "Murray"})
    assert answer.json()["custom_attributes"] == attributes


async def test_an_address_belongs_to_one_account_of_a_website(shop: Shop) -> None:
    await shop.create()
    other = await shop.create(email="ada@example.com")
    answer = await shop.save(other | {"email": "grace@example.com"})
    assert (answer.status_code, "same email address" in answer.json()["message"]) == (400, True)


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"email": "nonsense"}, "Email"),
        ({"firstname": ""}, "firstname"),
        ({"addresses": [ADDRESS | {"telephone": ""}]}, "telephone"),
        ({"addresses": [ADDRESS | {"region": None}]}, "regionId"),
        ({"addresses": [ADDRESS | {"country_id": "XX"}]}, "countryId"),
    ],
)
async def test_what_is_missing_is_named(shop: Shop, fields: dict[str, Any], named: str) -> None:
    answer = await shop.save(await shop.create() | fields)
    assert (answer.status_code, answer.json()["parameters"]["fieldName"]) == (400, named)


async def test_a_deleted_account_is_told_without_a_word_about_the_person(shop: Shop) -> None:
    made = await shop.create(addresses=[ADDRESS])
    (await shop.http.delete(f"/rest/V1/customers/{made['id']}")).raise_for_status()
    _, gone = await shop.told(2)
    assert isinstance(gone, CustomerDeletedV1)
    assert gone.customer_id == made["id"]
    assert (await shop.http.get(f"/rest/V1/customers/{made['id']}")).status_code == 404
    assert "grace" not in shop.publisher.messages[-1].body.decode().lower()


async def test_accounts_are_searched_page_by_page(shop: Shop) -> None:
    ids = [(await shop.create(email=f"{number}@example.com"))["id"] for number in range(5)]
    query = {
        "searchCriteria[filter_groups][0][filters][0][field]": "entity_id",
        "searchCriteria[filter_groups][0][filters][0][value]": str(ids[1]),
        "searchCriteria[filter_groups][0][filters][0][condition_type]": "gt",
        "searchCriteria[pageSize]": "2",
    }
    found = (await shop.http.get("/rest/V1/customers/search", params=query)).json()
    assert ([each["id"] for each in found["items"]], found["total_count"]) == (ids[2:4], 3)
