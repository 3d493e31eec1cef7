"""A customer account as Magento has it at one moment."""

from typing import Annotated

from pydantic import Field

from schemas.contract import Flag, Frozen, Instant, Whole
from schemas.ids import CustomerRef, InstanceName, MagentoCustomerId
from schemas.magento.address import Address
from schemas.magento.store import Store


class CustomerAddress(Frozen):
    """An address of the customer's book.

    Attributes:
        address_id: `customer_address_entity.entity_id`.
    """

    address_id: Whole
    address: Address
    is_default_billing: Flag = False
    is_default_shipping: Flag = False


class CustomerSnapshot(Frozen):
    """A full snapshot of the customer. Date of birth and gender stay in Magento: nobody behind it needs them.

    Attributes:
        instance: the Magento installation; `customer_id` is unique in it.
        store: where the account was made; accounts are shared by a website's stores.
        customer_id: `customer_entity.entity_id`.
        email: unique in a website, not in an instance, and changed by the customer at will.
        company: of the account, where an extension of Magento keeps one; an address has its own.
        group_id: the customer group, which decides prices and tax class.
        taxvat: the tax number that the customer gave for themselves.
        locale: of the store where the account was made, for example `de_DE`.
        created_at: `customer_entity.created_at`, which Magento keeps in UTC.
        updated_at: when the customer, or an address of theirs, was last saved; of two events the one with the later is
            the newer.
    """

    instance: InstanceName
    store: Store
    customer_id: Annotated[MagentoCustomerId, Field(gt=0, strict=True)]
    email: Annotated[str, Field(min_length=3, max_length=254)]
    prefix: str | None = None
    firstname: str
    middlename: str | None = None
    lastname: str
    suffix: str | None = None
    company: str | None = None
    group_id: Whole
    taxvat: str | None = None
    locale: str | None = None
    addresses: tuple[CustomerAddress, ...] = ()
    created_at: Instant
    updated_at: Instant

    @property
    def ref(self) -> CustomerRef:
        """The customer's key."""
        return CustomerRef(instance=self.instance, customer_id=self.customer_id)

    @property
    def billing(self) -> CustomerAddress | None:
        """The default billing address."""
        return next((each for each in self.addresses if each.is_default_billing), None)

    @property
    def shipping(self) -> CustomerAddress | None:
        """The default shipping address."""
        return next((each for each in self.addresses if each.is_default_shipping), None)
