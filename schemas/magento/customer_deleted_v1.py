"""`magento.customer.deleted.v1`: a customer account is gone from Magento."""

from typing import Annotated, ClassVar

from pydantic import Field

from schemas.contract import Frozen, Instant
from schemas.ids import CustomerRef, InstanceName, MagentoCustomerId
from schemas.magento.store import Store


class CustomerDeletedV1(Frozen):
    """The account that was deleted. It carries nothing personal: whoever asked to be forgotten is not spread once more.

    Attributes:
        instance: the Magento installation; `customer_id` is unique in it.
        store: where the account was made.
        customer_id: `customer_entity.entity_id`, which is not given out again.
        deleted_at: when it was deleted.
    """

    TYPE: ClassVar[str] = "magento.customer.deleted.v1"

    instance: InstanceName
    store: Store
    customer_id: Annotated[MagentoCustomerId, Field(gt=0, strict=True)]
    deleted_at: Instant

    @property
    def ref(self) -> CustomerRef:
        """The customer's key."""
        return CustomerRef(instance=self.instance, customer_id=self.customer_id)
