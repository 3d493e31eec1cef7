"""Charges (docs.stripe.com/api/charges)."""

from schemas.stripe.charge import Charge
from sidecar.adapters.stripe.client import StripeClient
from sidecar.adapters.stripe.endpoint import Endpoint

RETRIEVE = Endpoint("get", "/v1/charges/{id}")


async def retrieve(client: StripeClient, charge: str) -> Charge:
    """Read one as it is now."""
    return await client.get(Charge, RETRIEVE, charge)
