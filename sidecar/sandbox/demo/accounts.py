"""Accounts of the shop and the customers that Stripe has for them, as somebody who looks at both sees them."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx
from httpx import codes
from pydantic import SecretStr

from schemas.ids import Instance, MagentoCustomerId
from schemas.magento.address import Address
from schemas.magento.customer_snapshot import CustomerSnapshot
from schemas.stripe.customer import Customer
from sidecar.adapters.magento_rest.customers import RestCustomers
from sidecar.adapters.magento_rest.instances import MagentoRestOptions, open_rest
from sidecar.customer_profile.of_magento import profile_of_magento
from sidecar.customer_profile.of_stripe import profile_of_stripe
from sidecar.customer_profile.person_name import PersonName
from sidecar.customer_profile.profile import SHARED, ProfileField
from sidecar.ports.magento_customers import AddressEdit, CustomerEdit, NewMagentoCustomer
from sidecar.sandbox.demo.stage import INSTANCE, MAGENTO_TOKEN, STRIPE_KEY, Stage

PATIENCE = 60.0
LOOK_EVERY = 0.3
_PAGE = 100
_KEY = {"Authorization": f"Bearer {STRIPE_KEY}"}
_COMPARED: tuple[ProfileField, ...] = (*SHARED, "shipping", "preferred_locales", "business_name", "metadata")
HOME = Address(
    firstname="Customer",
    lastname="Example",
    street=("1 Main Street",),
    city="Springfield",
    region="Virginia",
    postcode="22150",
    country_id="US",
    telephone="5550100",
)


@dataclass(frozen=True, slots=True)
class AccountSeen:
    """An account, and whom Stripe has for it."""

    account: CustomerSnapshot
    customers: tuple[Customer, ...]

    @property
    def phone(self) -> str | None:
        """Magento's, of the default billing address."""
        return self.account.billing.address.telephone if self.account.billing else None

    @property
    def differences(self) -> list[str]:
        """What does not fit; nothing if Stripe has one customer for it, who is as Magento says."""
        if len(self.customers) != 1:
            return [f"Stripe has {len(self.customers)} customers for it"]
        ours, theirs = profile_of_magento(self.account, "person"), profile_of_stripe(self.customers[0])
        return [
            f"{field}: Magento has {ours.get(field)}, Stripe has {theirs.get(field)}"
            for field in _COMPARED
            if ours.get(field) != theirs.get(field)
        ]


class Accounts:
    """Opens accounts, and changes them in the shop and in Stripe's dashboard."""

    def __init__(self, stage: Stage, http: httpx.AsyncClient, shop: RestCustomers) -> None:
        self._stripe_url = f"{stage.stripe_url}/v1/customers"
        self._http = http
        self.shop = shop

    async def register(self, email: str, name: str, address: Address | None = HOME) -> MagentoCustomerId:
        """Open an account in the default store view."""
        person = PersonName(firstname=name.rpartition(" ")[0], lastname=name.rpartition(" ")[2])
        new = NewMagentoCustomer(store_code="default", email=email, name=person, address=address)
        return (await self.shop.create_customer(new)).customer_id

    async def edit_in_shop(
        self, customer: MagentoCustomerId, *, email: str | None = None, name: str | None = None, **address: str
    ) -> None:
        """Change the account, and of its default billing address what is named."""
        person = PersonName(firstname=name.rpartition(" ")[0], lastname=name.rpartition(" ")[2]) if name else None
        book: AddressEdit | None = None
        if address:
            billing = (await self.shop.read_customer(customer)).billing
            if billing is None:
                raise AssertionError(customer)
            book = AddressEdit(address_id=billing.address_id, address=billing.address.model_copy(update=address))
        await self.shop.update_customer(customer, CustomerEdit(email=email, name=person, address=book))

    async def edit_in_stripe(self, customer: MagentoCustomerId, fields: Mapping[str, str]) -> None:
        """Change Stripe's one customer of the account."""
        (found,) = (await self.look([customer]))[customer].customers
        await self._ask("POST", f"{self._stripe_url}/{found.id}", data=dict(fields))

    async def delete_in_stripe(self, customer: MagentoCustomerId) -> None:
        """Delete Stripe's one customer of the account."""
        (found,) = (await self.look([customer]))[customer].customers
        await self._ask("DELETE", f"{self._stripe_url}/{found.id}")

    async def look(self, which: Iterable[MagentoCustomerId]) -> dict[MagentoCustomerId, AccountSeen]:
        """How these accounts are now, on both sides."""
        accounts = {each.customer_id: each for each in await self.in_shop()}
        customers = await self.in_stripe()
        return {
            number: AccountSeen(
                accounts[number],
                tuple(each for each in customers if each.metadata.get("magento_customer_id") == str(number)),
            )
            for number in which
        }

    async def in_shop(self) -> list[CustomerSnapshot]:
        """Every account that the shop has."""
        found: list[CustomerSnapshot] = []
        while True:
            page = await self.shop.list_customers(found[-1].customer_id if found else MagentoCustomerId(0), None, _PAGE)
            found += page
            if len(page) < _PAGE:
                return found

    async def in_stripe(self) -> list[Customer]:
        """Every customer that Stripe has."""
        found: list[Customer] = []
        while True:
            page: dict[str, Any] = {"limit": _PAGE}
            if found:
                page["starting_after"] = found[-1].id
            listed = (await self._ask("GET", self._stripe_url, params=page)).json()
            found += [Customer.model_validate(each) for each in listed["data"]]
            if not listed["has_more"]:
                return found

    async def _ask(
        self, method: str, url: str, *, params: dict[str, Any] | None = None, data: dict[str, str] | None = None
    ) -> httpx.Response:
        """Ask the dashboard's Stripe; while the sidecar is at its limit, a person waits."""
        while True:
            answer = await self._http.request(method, url, headers=_KEY, params=params, data=data)
            if answer.status_code != codes.TOO_MANY_REQUESTS:
                return answer.raise_for_status()
            await asyncio.sleep(LOOK_EVERY)

    async def agree(
        self, which: Iterable[MagentoCustomerId], fits: Callable[[AccountSeen], bool] = lambda _: True
    ) -> dict[MagentoCustomerId, AccountSeen]:
        """These accounts as soon as both sides say the same of each, and it is what is waited for.

        Raises:
            TimeoutError: they do not in a minute.
        """
        numbers = tuple(which)
        found: dict[MagentoCustomerId, AccountSeen] = {}
        try:
            async with asyncio.timeout(PATIENCE):
                while True:
                    found = await self.look(numbers)
                    if all(not seen.differences and fits(seen) for seen in found.values()):
                        return found
                    await asyncio.sleep(LOOK_EVERY)
        except TimeoutError:
            left = {number: seen.differences for number, seen in found.items() if seen.differences or not fits(seen)}
            msg = f"accounts do not become what they should: {left}"
            raise TimeoutError(msg) from None


@asynccontextmanager
async def open_accounts(stage: Stage, http: httpx.AsyncClient) -> AsyncIterator[Accounts]:
    """Those of the stage's shop."""
    options = MagentoRestOptions(
        instance=Instance(INSTANCE), base_url=stage.magento_url, credentials=SecretStr(MAGENTO_TOKEN)
    )
    async with open_rest(options) as rest:
        yield Accounts(stage, http, rest.customers)
