"""`magento.customer.saved.v1`: a customer was created or changed in Magento."""

from typing import Annotated, ClassVar

from pydantic import AwareDatetime, Field

from schemas.contract import Frozen
from schemas.ids import InstanceName
from schemas.magento.address import Address
from schemas.magento.store import Store


class CustomerAddress(Frozen):
    """An address of the customer's book."""

    address_id: int
    address: Address
    is_default_billing: bool = False
    is_default_shipping: bool = False


class CustomerSavedV1(Frozen):
    """A full snapshot of the customer. Date of birth and gender stay in Magento: nobody behind it needs them.

    Attributes:
        customer_id: `customer_entity.entity_id`.
        taxvat: the tax number that the customer gave for themselves.
        is_new: whether this is the customer's first save.
    """

    TYPE: ClassVar[str] = "magento.customer.saved.v1"

    instance: InstanceName
    store: Store
    customer_id: Annotated[int, Field(gt=0)]
    email: Annotated[str, Field(min_length=3, max_length=254)]
    prefix: str | None = None
    firstname: str
    middlename: str | None = None
    lastname: str
    suffix: str | None = None
    group_id: int
    taxvat: str | None = None
    locale: str | None = None
    addresses: tuple[CustomerAddress, ...] = ()
    is_new: bool = False
    created_at: AwareDatetime
    updated_at: AwareDatetime
