"""Magento's customer accounts in memory. Every change is told as the module would tell it."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any, Literal

from schemas.ids import Instance, MagentoCustomerId
from schemas.magento.address import Address
from schemas.magento.customer_deleted_v1 import CustomerDeletedV1
from schemas.magento.customer_saved_v1 import CustomerSavedV1
from schemas.magento.customer_snapshot import CustomerAddress, CustomerSnapshot
from schemas.magento.store import Store
from sidecar.errors import NotFoundError, RefusedError, TransientError, UnknownOutcomeError
from sidecar.ports.magento_customers import AddressEdit, CustomerEdit, NewMagentoCustomer
from sidecar.sandbox.magento.directory import COUNTRIES, REGION_REQUIRED, REGIONS

STORES = {
    "default": Store(store_id=1, store_code="default", website_id=1, website_code="base"),
    "wholesale": Store(store_id=2, store_code="wholesale", website_id=1, website_code="base"),
}


class FakeMagentoCustomers:
    """`sidecar.ports.magento_customers.MagentoCustomers`.

    Attributes:
        events: what the module has told, in order.
        confirmed: accounts whose address is proven.
        writes: how often an account was changed or made through the port.
    """

    def __init__(self, instance: Instance, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._instance = instance
        self._now = now
        self._accounts: dict[MagentoCustomerId, CustomerSnapshot] = {}
        self._failures: list[Literal["before", "after"]] = []
        self._addresses = 500
        self._last = 0
        self.events: list[CustomerSavedV1 | CustomerDeletedV1] = []
        self.confirmed: set[MagentoCustomerId] = set()
        self.writes = 0

    @property
    def instance(self) -> Instance:
        return self._instance

    # What people do in the shop.

    def account(self, customer: MagentoCustomerId) -> CustomerSnapshot:
        if customer not in self._accounts:
            raise NotFoundError("magento", "not_found", f"customer {customer}")
        return self._accounts[customer]

    def register(
        self, *, store_code: str = "default", address: Address | None = None, **fields: Any
    ) -> CustomerSnapshot:
        """Somebody opens an account."""
        self._last += 1
        known: dict[str, Any] = {
            "instance": self._instance,
            "store": STORES[store_code],
            "customer_id": self._last,
            "email": f"{self._last}@example.com",
            "firstname": "Grace",
            "lastname": "Hopper",
            "group_id": 1,
            "locale": "en_US",
            "addresses": (self._entry(address, billing=True, shipping=True),) if address else (),
            "created_at": self._second(),
            "updated_at": self._second(),
        }
        made = CustomerSnapshot.model_validate(known | fields)
        self._check_email(made.email, made)
        self._accounts[made.customer_id] = made
        self._tell(made, is_new=True)
        return made

    def edit(self, customer: MagentoCustomerId, **fields: Any) -> CustomerSnapshot:
        """Somebody edits the account in the shop; what changes nothing is not told."""
        return self._save(self.account(customer).model_copy(update=fields))

    def edit_billing(self, customer: MagentoCustomerId, **fields: Any) -> CustomerSnapshot:
        """Somebody edits the default billing address."""
        known = self.account(customer)
        billing = known.billing
        if billing is None:
            raise LookupError("there is no billing address")
        changed = billing.model_copy(update={"address": billing.address.model_copy(update=fields)})
        book = tuple(changed if each.address_id == billing.address_id else each for each in known.addresses)
        return self._save(known.model_copy(update={"addresses": book}))

    def remove(self, customer: MagentoCustomerId) -> None:
        """Somebody deletes the account."""
        gone = self._accounts.pop(customer)
        self.events.append(
            CustomerDeletedV1(instance=gone.instance, store=gone.store, customer_id=customer, deleted_at=self._now())
        )

    def fail_next(self, when: Literal["before", "after"]) -> None:
        """The next write fails before it is done, or after it."""
        self._failures.append(when)

    # The port.

    async def read_customer(self, customer: MagentoCustomerId) -> CustomerSnapshot:
        return self.account(customer).model_copy(update={"company": None})

    async def update_customer(self, customer: MagentoCustomerId, edit: CustomerEdit) -> CustomerSnapshot:
        return self._write(lambda: self._apply(self.account(customer), edit))

    async def create_customer(self, new: NewMagentoCustomer) -> CustomerSnapshot:
        def make() -> CustomerSnapshot:
            address = None if new.address is None else _with_region(new.address)
            if address is not None:
                self._check_address(address)
            book = () if address is None else (self._entry(address, billing=True, shipping=False),)
            return self.register(store_code=new.store_code, email=new.email, addresses=book, **new.name.model_dump())

        return self._write(make)

    async def find_customer(self, email: str, store_code: str) -> CustomerSnapshot | None:
        website = STORES[store_code].website_id
        found = (each for each in self._accounts.values() if (each.email, each.store.website_id) == (email, website))
        return next(found, None)

    async def is_confirmed(self, customer: MagentoCustomerId) -> bool:
        self.account(customer)
        return customer in self.confirmed

    async def list_customers(
        self, after: MagentoCustomerId, updated_since: datetime | None, limit: int
    ) -> Sequence[CustomerSnapshot]:
        found = [
            each
            for number, each in sorted(self._accounts.items())
            if number > after and (updated_since is None or each.updated_at >= updated_since)
        ]
        return found[:limit]

    def _write(self, make: Callable[[], CustomerSnapshot]) -> CustomerSnapshot:
        failure = self._failures.pop(0) if self._failures else None
        if failure == "before":
            raise TransientError("magento", "http_503", "")
        written = make()
        self.writes += 1
        if failure == "after":
            raise UnknownOutcomeError("magento", "http_500", "")
        return written.model_copy(update={"company": None})

    def _apply(self, known: CustomerSnapshot, edit: CustomerEdit) -> CustomerSnapshot:
        fields: dict[str, Any] = {}
        if edit.email is not None:
            self._check_email(edit.email, known)
            fields["email"] = edit.email
        if edit.name is not None:
            fields |= edit.name.model_dump()
        if edit.address is not None:
            fields["addresses"] = self._book(known, edit.address)
        return self._save(known.model_copy(update=fields))

    def _book(self, known: CustomerSnapshot, edit: AddressEdit) -> tuple[CustomerAddress, ...]:
        address = _with_region(edit.address)
        self._check_address(address)
        if edit.address_id is None:
            others = tuple(each.model_copy(update={"is_default_billing": False}) for each in known.addresses)
            return (*others, self._entry(address, billing=True, shipping=False))
        if all(each.address_id != edit.address_id for each in known.addresses):
            raise NotFoundError("magento", "address_missing", f"address {edit.address_id}")
        return tuple(
            each.model_copy(update={"address": address}) if each.address_id == edit.address_id else each
            for each in known.addresses
        )

    def _entry(self, address: Address, *, billing: bool, shipping: bool) -> CustomerAddress:
        self._addresses += 1
        return CustomerAddress(
            address_id=self._addresses, address=address, is_default_billing=billing, is_default_shipping=shipping
        )

    def _save(self, account: CustomerSnapshot) -> CustomerSnapshot:
        if account != self._accounts[account.customer_id]:
            account = account.model_copy(update={"updated_at": self._second()})
            self._accounts[account.customer_id] = account
            self._tell(account, is_new=False)
        return account

    def _tell(self, account: CustomerSnapshot, *, is_new: bool) -> None:
        self.events.append(CustomerSavedV1.model_validate(account.model_dump() | {"is_new": is_new}))

    def _check_email(self, email: str, account: CustomerSnapshot) -> None:
        taken = any(
            (each.email, each.store.website_id) == (email, account.store.website_id)
            for number, each in self._accounts.items()
            if number != account.customer_id
        )
        if taken:
            raise RefusedError("magento", "http_400", "A customer with the same email address already exists")

    def _check_address(self, address: Address) -> None:
        for name in ("telephone", "city", "street"):
            if not getattr(address, name):
                raise RefusedError("magento", "http_400", f'"{name}" is required', field=name)
        if address.country_id not in COUNTRIES or (address.country_id in REGION_REQUIRED and not address.region_code):
            raise RefusedError("magento", "http_400", '"regionId" is required', field="regionId")

    def _second(self) -> datetime:
        """As Magento's columns keep it."""
        return self._now().replace(microsecond=0)


def _with_region(address: Address) -> Address:
    """As the directory knows it."""
    wanted = {text.casefold() for text in (address.region, address.region_code) if text}
    for region in REGIONS:
        if region.country == address.country_id and wanted & {region.code.casefold(), region.name.casefold()}:
            return address.model_copy(update={"region": region.name, "region_code": region.code})
    return address.model_copy(update={"region": address.region or address.region_code, "region_code": None})
