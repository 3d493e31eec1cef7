"""Refunds (docs.stripe.com/api/refunds)."""

from typing import TYPE_CHECKING

from schemas.ids import PaymentIntentId
from schemas.stripe.refund import Refund
from sidecar.adapters.stripe.client import StripeClient
from sidecar.adapters.stripe.endpoint import Endpoint
from sidecar.adapters.stripe.listing import contains, newest_first
from sidecar.ports.payments import IdempotencyKey, Metadata, NewRefund

if TYPE_CHECKING:
    from stripe.params import RefundCreateParams, RefundListParams

CREATE = Endpoint("post", "/v1/refunds")
LIST = Endpoint("get", "/v1/refunds")


def create_params(new: NewRefund) -> "RefundCreateParams":
    """The request; the currency is the charge's own."""
    params: RefundCreateParams = {
        "payment_intent": new.payment_intent,
        "amount": new.amount.minor_units,
        "metadata": new.metadata,
    }
    if new.reason is not None:
        params["reason"] = new.reason
    return params


async def create(client: StripeClient, new: NewRefund, key: IdempotencyKey) -> Refund:
    """Make one."""
    return await client.post(Refund, CREATE, params=create_params(new), key=key)


async def find(client: StripeClient, intent: PaymentIntentId, metadata: Metadata) -> tuple[Refund, ...]:
    """The intent's with this metadata, newest first."""
    params: RefundListParams = {"payment_intent": intent}
    listed = newest_first(client, Refund, LIST, params)
    return tuple([refund async for refund in listed if contains(refund.metadata, metadata)])
