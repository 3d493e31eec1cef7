"""Magento's customer accounts. One implementation is bound to one instance, and to its REST.

Magento's own rules about customers (unique addresses, required fields, mails, groups by tax number) live in its
services, so they are never written by SQL.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from schemas.contract import Frozen
from schemas.ids import Instance, MagentoCustomerId
from schemas.magento.address import Address
from schemas.magento.customer_snapshot import CustomerSnapshot
from sidecar.customer_profile.person_name import PersonName


class AddressEdit(Frozen):
    """An address of the customer's book.

    Attributes:
        address_id: which one is changed; null adds one, which becomes the default billing address.
        address: what it becomes. The region may be a name or a code: Magento's directory tells which it is.
    """

    address_id: int | None
    address: Address


class CustomerEdit(Frozen):
    """What is to be changed of an account; what is null stays as it is."""

    email: str | None = None
    name: PersonName | None = None
    address: AddressEdit | None = None

    def parts(self) -> tuple["CustomerEdit", ...]:
        """One edit for each thing that is changed, for a Magento that refuses one of them."""
        each = (
            CustomerEdit(email=self.email),
            CustomerEdit(name=self.name),
            CustomerEdit(address=self.address),
        )
        return tuple(edit for edit in each if edit != CustomerEdit())


class NewMagentoCustomer(Frozen):
    """An account to be made.

    Attributes:
        store_code: of the store view that it is made in; with it comes the website.
        address: becomes the default billing address.
    """

    store_code: str
    email: str
    name: PersonName
    address: Address | None = None


class MagentoCustomers(Protocol):
    """The instance's customer accounts.

    Every method raises `TransientError`, `UnknownOutcomeError`, `UnauthorizedError`, `NotFoundError` or
    `RefusedError` (`sidecar.errors`) and nothing else.
    """

    @property
    def instance(self) -> Instance:
        """Which instance this is."""
        ...

    async def read_customer(self, customer: MagentoCustomerId) -> CustomerSnapshot:
        """The account as it is now. Its `company` is not known this way."""
        ...

    async def update_customer(self, customer: MagentoCustomerId, edit: CustomerEdit) -> CustomerSnapshot:
        """Change the account and nothing of it besides; gives it as it is afterwards."""
        ...

    async def create_customer(self, new: NewMagentoCustomer) -> CustomerSnapshot:
        """Make an account; Magento mails the customer a way to a password. Refused where the address is taken."""
        ...

    async def find_customer(self, email: str, store_code: str) -> CustomerSnapshot | None:
        """The account with this address in the store's website."""
        ...

    async def is_confirmed(self, customer: MagentoCustomerId) -> bool:
        """Whether the customer has proven that the e-mail address is theirs, by Magento's confirmation mail."""
        ...

    async def list_customers(
        self, after: MagentoCustomerId, updated_since: datetime | None, limit: int
    ) -> Sequence[CustomerSnapshot]:
        """The accounts with the next higher ids, in their order; of those, the ones changed since then."""
        ...


class MagentoCustomersDirectory(Protocol):
    """Every configured instance whose customers can be reached: those with adapter `rest`."""

    def __getitem__(self, instance: Instance) -> MagentoCustomers:
        """The instance's adapter. Raises `KeyError` where there is none."""
        ...

    def __contains__(self, instance: object) -> bool:
        """Whether the instance's customers can be reached."""
        ...
