"""A Stripe Customer (docs.stripe.com/api/customers/object)."""

from typing import Literal

from pydantic import Field

from schemas.contract import Flag, Frozen
from schemas.ids import CustomerId


class Customer(Frozen):
    """A buyer as Stripe knows them; only what links them to Magento is read."""

    object: Literal["customer"] = "customer"
    id: CustomerId
    deleted: Flag = False
    metadata: dict[str, str] = Field(default_factory=dict)
