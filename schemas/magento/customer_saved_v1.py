"""`magento.customer.saved.v1`: a customer was created or changed in Magento."""

from typing import ClassVar

from schemas.contract import Flag
from schemas.magento.customer_snapshot import CustomerSnapshot


class CustomerSavedV1(CustomerSnapshot):
    """A full snapshot of the customer, so that no consumer has to call Magento back.

    Attributes:
        is_new: whether this is the customer's first save.
        changed_fields: names of the fields of this event that the save changed; empty if Magento could not tell.
    """

    TYPE: ClassVar[str] = "magento.customer.saved.v1"

    is_new: Flag = False
    changed_fields: tuple[str, ...] = ()
