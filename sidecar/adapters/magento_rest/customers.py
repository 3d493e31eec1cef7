"""`sidecar.ports.magento_customers.MagentoCustomers` over core's REST."""

from collections.abc import Sequence
from datetime import UTC, datetime
from urllib.parse import urlencode

from schemas.ids import Instance, MagentoCustomerId
from schemas.magento.address import Address
from schemas.magento.customer_snapshot import CustomerSnapshot
from sidecar.adapters.magento_rest.client import MagentoClient
from sidecar.adapters.magento_rest.customer_documents import CustomerDocument, SearchDocument
from sidecar.adapters.magento_rest.regions import Regions
from sidecar.adapters.magento_rest.stores import Stores
from sidecar.customer_profile.person_name import PersonName
from sidecar.errors import NotFoundError
from sidecar.ports.magento_customers import AddressEdit, CustomerEdit, NewMagentoCustomer

Document = dict[str, object]
"""A customer as Magento wrote it, whole: what is not changed has to go back as it came."""
Condition = tuple[str, str, str]
"""Of a search: field, condition, value."""


class RestCustomers:
    """The customers of one instance; see the port for what each method means."""

    def __init__(self, instance: Instance, client: MagentoClient) -> None:
        self._instance = instance
        self._client = client
        self._stores = Stores(client)
        self._regions = Regions(client)

    @property
    def instance(self) -> Instance:
        """Which instance this is."""
        return self._instance

    async def read_customer(self, customer: MagentoCustomerId) -> CustomerSnapshot:
        """`GET /V1/customers/{id}`."""
        return await self._snapshot(await self._client.get(f"customers/{customer}", CustomerDocument))

    async def update_customer(self, customer: MagentoCustomerId, edit: CustomerEdit) -> CustomerSnapshot:
        """`GET` and `PUT /V1/customers/{id}`.

        Magento deletes every address that a `PUT` with addresses leaves out, and touches none when it has no addresses
        at all (`CustomerRepository::save`). So they are only sent when one of them changes, and then all of them, as
        they were read a moment before.
        """
        path = f"customers/{customer}"
        document = await self._client.get(path, Document)
        addresses = document.pop("addresses", [])
        if edit.email is not None:
            document["email"] = edit.email
        if edit.name is not None:
            document |= _name(edit.name)
        if edit.address is not None and isinstance(addresses, list):
            document["addresses"] = await self._edited(addresses, edit.address)
            if edit.address.address_id is None:
                document.pop("default_billing", None)  # the addresses' own marks say it
        saved = await self._client.put(path, {"customer": document}, CustomerDocument)
        return await self._snapshot(saved)

    async def create_customer(self, new: NewMagentoCustomer) -> CustomerSnapshot:
        """`POST /V1/customers`, in the store's own scope."""
        customer: Document = {"email": new.email, **_name(new.name)}
        if new.address is not None:
            customer["addresses"] = [await self._added(new.address)]
        path = self._client.in_store(new.store_code, "customers")
        return await self._snapshot(await self._client.post(path, {"customer": customer}, CustomerDocument))

    async def find_customer(self, email: str, store_code: str) -> CustomerSnapshot | None:
        """`GET /V1/customers/search`, by address and website."""
        website = await self._stores.website_of(store_code)
        found = await self._search((("email", "eq", email), ("website_id", "eq", str(website))), 1)
        return await self._snapshot(found[0]) if found else None

    async def is_confirmed(self, customer: MagentoCustomerId) -> bool:
        """`GET /V1/customers/{id}/confirm`, which also says when nobody is ever asked to confirm."""
        return await self._client.get(f"customers/{customer}/confirm", str) == "account_confirmed"

    async def list_customers(
        self, after: MagentoCustomerId, updated_since: datetime | None, limit: int
    ) -> Sequence[CustomerSnapshot]:
        """`GET /V1/customers/search`, by id."""
        conditions: list[Condition] = [("entity_id", "gt", str(after))]
        if updated_since is not None:
            since = updated_since.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")
            conditions.append(("updated_at", "gteq", since))
        return [await self._snapshot(each) for each in await self._search(conditions, limit)]

    async def _search(self, conditions: Sequence[Condition], limit: int) -> Sequence[CustomerDocument]:
        query: dict[str, str] = {}
        for number, (name, condition, value) in enumerate(conditions):
            where = f"searchCriteria[filter_groups][{number}][filters][0]"
            query |= {f"{where}[field]": name, f"{where}[condition_type]": condition, f"{where}[value]": value}
        query |= {
            "searchCriteria[sortOrders][0][field]": "entity_id",
            "searchCriteria[sortOrders][0][direction]": "ASC",
            "searchCriteria[pageSize]": str(limit),
        }
        return (await self._client.get(f"customers/search?{urlencode(query)}", SearchDocument)).items

    async def _snapshot(self, document: CustomerDocument) -> CustomerSnapshot:
        if document.addresses is None:
            document = await self._client.get(f"customers/{document.id}", CustomerDocument)
        store = await self._stores.store(document.store_id, document.website_id)
        return document.snapshot(self._instance, store, self._stores.locale(document.store_id))

    async def _edited(self, addresses: list[object], edit: AddressEdit) -> list[object]:
        """The book with one address changed, or one added that becomes the default billing address.

        Raises:
            NotFoundError: the address is not there any more.
        """
        known = [dict(address) for address in addresses if isinstance(address, dict)]
        if edit.address_id is None:
            for address in known:
                if address.pop("default_billing", None):
                    address["default_billing"] = False
            return [*known, await self._added(edit.address)]
        if all(address.get("id") != edit.address_id for address in known):
            raise NotFoundError("magento", "address_missing", f"address {edit.address_id}")
        changed = await self._address(edit.address)
        return [address | changed if address.get("id") == edit.address_id else address for address in known]

    async def _added(self, address: Address) -> Document:
        fields = {name: value for name, value in (await self._address(address)).items() if value is not None}
        return fields | {"default_billing": True}

    async def _address(self, address: Address) -> Document:
        fields = address.model_dump(mode="json", exclude={"region", "region_code"})
        return fields | await self._regions.body(address)


def _name(name: PersonName) -> Document:
    """All five parts: one that is gone is sent empty."""
    return {part: value or "" for part, value in name.model_dump().items()}
