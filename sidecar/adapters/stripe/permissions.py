"""What a restricted key may read (docs.stripe.com/keys#limit-access).

Only reads are tried: a write that Stripe allows is done. What a key may write, Stripe says when it refuses: its message
names the permission.
"""

from typing import TYPE_CHECKING

from schemas.contract import Frozen
from sidecar.adapters.stripe import checkout_sessions, customers, events, payment_intents, refunds, webhook_endpoints
from sidecar.adapters.stripe.client import StripeClient
from sidecar.adapters.stripe.endpoint import Endpoint
from sidecar.errors import UnauthorizedError

if TYPE_CHECKING:
    from stripe.params import EventListParams

READS: tuple[Endpoint, ...] = (
    payment_intents.LIST,
    checkout_sessions.LIST,
    customers.LIST,
    refunds.LIST,
    events.LIST,
    webhook_endpoints.LIST,
)


class _Anything(Frozen):
    pass


async def refused_reads(client: StripeClient) -> tuple[str, ...]:
    """The operations that the key may not do, each with Stripe's word about it.

    Raises:
        TransientError: Stripe is away.
    """
    one: EventListParams = {"limit": 1}
    refused = []
    for endpoint in READS:
        try:
            await client.get(_Anything, endpoint, params=one)
        except UnauthorizedError as error:
            if error.code != "http_403":
                raise
            refused.append(f"{endpoint}: {error.detail}" if error.detail else str(endpoint))
    return tuple(refused)
