"""Tax numbers of customers (docs.stripe.com/api/tax_ids)."""

from typing import TYPE_CHECKING, cast

from schemas.contract import Flag, Frozen
from schemas.ids import CustomerId
from schemas.stripe.tax_id import TaxId
from sidecar.adapters.stripe.client import StripeClient
from sidecar.adapters.stripe.endpoint import Endpoint
from sidecar.adapters.stripe.listing import newest_first
from sidecar.customer_profile.profile import TaxNumber
from sidecar.errors import NotFoundError
from sidecar.ports.payments import IdempotencyKey

if TYPE_CHECKING:
    from stripe.params import CustomerTaxIdCreateParams, CustomerTaxIdListParams

CREATE = Endpoint("post", "/v1/customers/{id}/tax_ids")
LIST = Endpoint("get", "/v1/customers/{id}/tax_ids")
DELETE = Endpoint("delete", "/v1/tax_ids/{id}")


class _Deleted(Frozen):
    """What is left of one."""

    id: str
    deleted: Flag


def create_params(number: TaxNumber) -> "CustomerTaxIdCreateParams":
    """The request. The kind is one of ours, all of which Stripe knows."""
    return cast("CustomerTaxIdCreateParams", {"type": number.type, "value": number.value})


async def create(client: StripeClient, customer: CustomerId, number: TaxNumber, key: IdempotencyKey) -> TaxId:
    """Give a customer one."""
    return await client.post(TaxId, CREATE, customer, params=create_params(number), key=key)


async def list_all(client: StripeClient, customer: CustomerId) -> tuple[TaxId, ...]:
    """A customer's, newest first."""
    params: CustomerTaxIdListParams = {}
    return tuple([tax_id async for tax_id in newest_first(client, TaxId, LIST, params, customer)])


async def delete(client: StripeClient, tax_id: str) -> None:
    """Take one away; that it is gone already is what was wanted."""
    try:
        await client.delete(_Deleted, DELETE, tax_id)
    except NotFoundError:
        return
