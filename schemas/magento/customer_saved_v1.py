"""`magento.customer.saved.v1`: a customer was created or changed in Magento."""

from typing import Annotated, ClassVar

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


class CustomerSavedV1(Frozen):
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
        is_new: whether this is the customer's first save.
        changed_fields: names of the fields of this event that the save changed; empty if Magento could not tell.
        created_at: `customer_entity.created_at`, which Magento keeps in UTC.
        updated_at: `customer_entity.updated_at`; of two events the one with the later is the newer.
    """

    TYPE: ClassVar[str] = "magento.customer.saved.v1"

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
    is_new: Flag = False
    changed_fields: tuple[str, ...] = ()
    created_at: Instant
    updated_at: Instant

    @property
    def ref(self) -> CustomerRef:
        """The customer's key."""
        return CustomerRef(instance=self.instance, customer_id=self.customer_id)
