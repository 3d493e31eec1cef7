"""What customers have saved to pay with (docs.stripe.com/api/payment_methods)."""

from typing import TYPE_CHECKING

from schemas.contract import Frozen
from schemas.ids import CustomerId, PaymentMethodId
from sidecar.adapters.stripe.client import StripeClient
from sidecar.adapters.stripe.endpoint import Endpoint
from sidecar.adapters.stripe.listing import newest_first
from sidecar.ports.payments import IdempotencyKey

if TYPE_CHECKING:
    from stripe.params import CustomerPaymentMethodListParams, PaymentMethodDetachParams

LIST = Endpoint("get", "/v1/customers/{id}/payment_methods")
DETACH = Endpoint("post", "/v1/payment_methods/{id}/detach")


class _PaymentMethod(Frozen):
    """Its id is all that is read: whose card it is stays in Stripe."""

    id: PaymentMethodId


async def list_all(client: StripeClient, customer: CustomerId) -> tuple[PaymentMethodId, ...]:
    """A customer's, newest first."""
    params: CustomerPaymentMethodListParams = {}
    return tuple([method.id async for method in newest_first(client, _PaymentMethod, LIST, params, customer)])


async def detach(client: StripeClient, method: PaymentMethodId, key: IdempotencyKey) -> None:
    """Take one from its customer."""
    params: PaymentMethodDetachParams = {}
    await client.post(_PaymentMethod, DETACH, method, params=params, key=key)
