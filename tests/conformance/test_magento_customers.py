"""What every Magento must answer about customers: the one in memory, and the REST adapter over the stand-in."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx
import pytest
from pydantic import SecretStr

from schemas.ids import Instance, MagentoCustomerId
from schemas.magento.address import Address
from schemas.magento.customer_snapshot import CustomerSnapshot
from sidecar.adapters.magento_rest.authorization import OAuthCredentials
from sidecar.adapters.magento_rest.instances import MagentoRestOptions, open_rest
from sidecar.customer_profile.person_name import PersonName
from sidecar.errors import NotFoundError, RefusedError
from sidecar.ports.magento_customers import AddressEdit, CustomerEdit, MagentoCustomers, NewMagentoCustomer
from sidecar.sandbox.magento.app import create_app
from sidecar.sandbox.magento.config import MagentoSandboxConfig, OAuthKeys
from tests.fakes.magento_customers import FakeMagentoCustomers
from tests.fakes.publisher import MemoryPublisher
from tests.serving import serving

SHOP = Instance("shop")
OAUTH = OAuthKeys("key", "consumer-secret", "token", "token-secret")
ADDRESS = Address(
    firstname="Grace",
    lastname="Hopper",
    street=("1 Navy Way", "Building 7"),
    city="Arlington",
    region="Virginia",
    region_code="VA",
    postcode="22201",
    country_id="US",
    telephone="5550100",
)
NAME = PersonName(firstname="Grace", lastname="Hopper")


@dataclass(frozen=True, slots=True)
class Subject:
    """An adapter, and what somebody keeps beside it in Magento."""

    customers: MagentoCustomers
    attribute: Callable[[MagentoCustomerId], Awaitable[object]]
    remove: Callable[[MagentoCustomerId], Awaitable[None]]


@pytest.fixture(params=["fake", "bearer", "oauth"])
async def magento(request: pytest.FixtureRequest, database_url: str) -> AsyncIterator[Subject]:
    if request.param == "fake":
        fake = FakeMagentoCustomers(SHOP)

        async def kept(_: MagentoCustomerId) -> object:
            return "gold"  # which it has nothing to lose of

        async def removed(customer: MagentoCustomerId) -> None:
            fake.remove(customer)

        yield Subject(fake, kept, removed)
        return
    config = MagentoSandboxConfig(instance=SHOP, token="secret-token", database_url=database_url, oauth=OAUTH)
    async with AsyncExitStack() as stack:
        base = await stack.enter_async_context(serving(create_app(config, MemoryPublisher())))
        admin = {"Authorization": "Bearer secret-token"}
        http = await stack.enter_async_context(httpx.AsyncClient(base_url=base, trust_env=False, headers=admin))
        oauth = OAuthCredentials("key", SecretStr("consumer-secret"), "token", SecretStr("token-secret"))
        credentials = SecretStr("secret-token") if request.param == "bearer" else oauth
        options = MagentoRestOptions(instance=SHOP, base_url=base, credentials=credentials)
        opened = await stack.enter_async_context(open_rest(options))

        async def attribute(customer: MagentoCustomerId) -> object:
            path = f"/rest/V1/customers/{customer}"
            document = (await http.get(path)).json()
            if "custom_attributes" not in document:
                document["custom_attributes"] = [{"attribute_code": "loyalty", "value": "gold"}]
                (await http.put(path, json={"customer": document})).raise_for_status()
            return document["custom_attributes"][0]["value"]

        async def remove(customer: MagentoCustomerId) -> None:
            (await http.delete(f"/rest/V1/customers/{customer}")).raise_for_status()

        yield Subject(opened.customers, attribute, remove)


async def an_account(magento: Subject, email: str = "grace@example.com", **fields: Any) -> CustomerSnapshot:
    known: dict[str, Any] = {"store_code": "default", "email": email, "name": NAME, "address": ADDRESS}
    return await magento.customers.create_customer(NewMagentoCustomer.model_validate(known | fields))


def essence(snapshot: CustomerSnapshot) -> dict[str, Any]:
    return snapshot.model_dump(exclude={"updated_at", "created_at", "customer_id"})


async def test_an_account_is_as_it_was_made(magento: Subject) -> None:
    made = await an_account(magento)
    assert await magento.customers.read_customer(made.customer_id) == made
    assert (made.instance, made.email, made.firstname, made.lastname) == (SHOP, "grace@example.com", "Grace", "Hopper")
    assert (made.store.store_code, made.store.website_code, made.locale) == ("default", "base", "en_US")
    assert made.billing is not None
    assert made.billing.address == ADDRESS
    assert made.shipping is None
    assert made.updated_at.tzinfo is not None


async def test_an_account_belongs_to_the_store_that_it_was_made_in(magento: Subject) -> None:
    assert (await an_account(magento, store_code="wholesale")).store.store_code == "wholesale"


async def test_an_edit_changes_what_it_names_and_nothing_else(magento: Subject) -> None:
    made = await an_account(magento)
    await magento.attribute(made.customer_id)
    customers = magento.customers
    mail = await customers.update_customer(made.customer_id, CustomerEdit(email="ada@example.com"))
    assert essence(mail) == essence(made) | {"email": "ada@example.com"}
    name = PersonName(prefix="Dr.", firstname="Ada", middlename="King", lastname="Lovelace", suffix="PhD")
    named = await customers.update_customer(made.customer_id, CustomerEdit(name=name))
    assert essence(named) == essence(mail) | name.model_dump()
    assert await magento.attribute(made.customer_id) == "gold"
    assert await customers.read_customer(made.customer_id) == named


async def test_a_part_of_the_name_that_is_gone_is_gone(magento: Subject) -> None:
    made = await an_account(magento, name=PersonName(prefix="Dr.", firstname="Grace", lastname="Hopper"))
    assert made.prefix == "Dr."
    changed = await magento.customers.update_customer(made.customer_id, CustomerEdit(name=NAME))
    assert not changed.prefix


@pytest.mark.parametrize(("region", "code"), [("Massachusetts", None), ("MA", None), (None, "MA")])
async def test_an_address_is_changed_in_its_place_and_its_region_found(
    magento: Subject, region: str | None, code: str | None
) -> None:
    made = await an_account(magento)
    assert made.billing is not None
    changes = {"street": ("2 New Street",), "city": "Boston", "region": region, "region_code": code}
    new = ADDRESS.model_copy(update=changes)
    edit = CustomerEdit(address=AddressEdit(address_id=made.billing.address_id, address=new))
    changed = await magento.customers.update_customer(made.customer_id, edit)
    known = new.model_copy(update={"region": "Massachusetts", "region_code": "MA"})
    entry = made.billing.model_copy(update={"address": known})
    assert essence(changed) == essence(made.model_copy(update={"addresses": (entry,)}))


async def test_an_added_address_becomes_the_one_for_bills_and_the_others_stay(magento: Subject) -> None:
    made = await an_account(magento)
    new = ADDRESS.model_copy(update={"city": "Norfolk"})
    edit = CustomerEdit(address=AddressEdit(address_id=None, address=new))
    changed = await magento.customers.update_customer(made.customer_id, edit)
    assert [each.address.city for each in changed.addresses] == ["Arlington", "Norfolk"]
    assert changed.billing is not None
    assert changed.billing.address.city == "Norfolk"
    again = await magento.customers.update_customer(made.customer_id, CustomerEdit(name=NAME))
    assert again.addresses == changed.addresses


async def test_regions_of_a_country_without_any_are_text(magento: Subject) -> None:
    french = ADDRESS.model_copy(update={"country_id": "FR", "region": "Bretagne", "region_code": None})
    made = await an_account(magento, address=french)
    assert made.billing is not None
    assert (made.billing.address.region, made.billing.address.region_code) == ("Bretagne", None)


@pytest.mark.parametrize("changes", [{"telephone": None}, {"region": None, "region_code": None}, {"country_id": "XX"}])
async def test_an_address_that_cannot_be_is_refused(magento: Subject, changes: dict[str, Any]) -> None:
    made = await an_account(magento)
    edit = CustomerEdit(address=AddressEdit(address_id=None, address=ADDRESS.model_copy(update=changes)))
    with pytest.raises(RefusedError):
        await magento.customers.update_customer(made.customer_id, edit)
    assert await magento.customers.read_customer(made.customer_id) == made


async def test_an_address_that_is_gone_is_not_found(magento: Subject) -> None:
    made = await an_account(magento)
    edit = CustomerEdit(address=AddressEdit(address_id=987_654, address=ADDRESS))
    with pytest.raises(NotFoundError):
        await magento.customers.update_customer(made.customer_id, edit)


async def test_two_accounts_of_a_website_do_not_share_an_address(magento: Subject) -> None:
    await an_account(magento)
    other = await an_account(magento, "ada@example.com")
    with pytest.raises(RefusedError) as refused:
        await magento.customers.update_customer(other.customer_id, CustomerEdit(email="grace@example.com"))
    assert not isinstance(refused.value, NotFoundError)
    with pytest.raises(RefusedError):
        await an_account(magento)


async def test_an_account_is_found_by_its_address_in_its_website(magento: Subject) -> None:
    made = await an_account(magento)
    assert await magento.customers.find_customer("grace@example.com", "wholesale") == made
    assert await magento.customers.find_customer("ada@example.com", "default") is None


async def test_nobody_is_confirmed_where_nobody_is_asked(magento: Subject) -> None:
    made = await an_account(magento)
    assert not await magento.customers.is_confirmed(made.customer_id)


async def test_what_is_gone_is_not_found(magento: Subject) -> None:
    made = await an_account(magento)
    await magento.remove(made.customer_id)
    with pytest.raises(NotFoundError):
        await magento.customers.read_customer(made.customer_id)
    with pytest.raises(NotFoundError):
        await magento.customers.update_customer(made.customer_id, CustomerEdit(email="ada@example.com"))
    with pytest.raises(NotFoundError):
        await magento.customers.is_confirmed(made.customer_id)


async def test_accounts_are_listed_by_their_ids(magento: Subject) -> None:
    made = [await an_account(magento, f"{number}@example.com") for number in range(5)]
    customers = magento.customers
    first = await customers.list_customers(MagentoCustomerId(0), None, 3)
    rest = await customers.list_customers(first[-1].customer_id, None, 3)
    assert [*first, *rest] == made
    assert await customers.list_customers(made[-1].customer_id, None, 3) == []
    since = made[-1].updated_at
    assert made[-1] in await customers.list_customers(MagentoCustomerId(0), since, 10)
    assert await customers.list_customers(MagentoCustomerId(0), since + timedelta(hours=1), 10) == []
