"""A Stripe Customer (docs.stripe.com/api/customers/object)."""

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema

from schemas.contract import Flag, Frozen, Whole
from schemas.ids import CustomerId
from schemas.stripe.address import StripeAddress


def _or_empty(value: object) -> object:
    """A list that Stripe has left null."""
    return () if value is None else value


class CustomerShipping(Frozen):
    """Where a buyer's goods go."""

    name: str | None = None
    phone: str | None = None
    address: StripeAddress | None = None


class Customer(Frozen):
    """A buyer as Stripe knows them. Of one that is deleted only the id is left.

    Attributes:
        name: the buyer's full name, or their company's.
        preferred_locales: IETF language tags, the most wanted first.
        tax_exempt: `none`, `exempt` or `reverse`.
        business_name: the buyer's company; older API versions have none.
    """

    object: Literal["customer"] = "customer"
    id: CustomerId
    deleted: Flag = False
    created: Whole | None = None
    email: str | None = None
    name: str | None = None
    phone: str | None = None
    address: StripeAddress | None = None
    shipping: CustomerShipping | None = None
    preferred_locales: Annotated[
        tuple[str, ...],
        BeforeValidator(_or_empty),
        WithJsonSchema({"anyOf": [{"type": "array", "items": {"type": "string"}}, {"type": "null"}]}),
    ] = ()
    tax_exempt: str | None = None
    business_name: str | None = None
    metadata: dict[str, str] = Field(default_factory=dict)
