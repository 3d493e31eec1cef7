"""Webhook endpoints (docs.stripe.com/api/webhook_endpoints)."""

from typing import TYPE_CHECKING

from sidecar.adapters.stripe.client import StripeClient
from sidecar.adapters.stripe.endpoint import Endpoint
from sidecar.adapters.stripe.listing import newest_first
from sidecar.ports.payments import WebhookEndpoint

if TYPE_CHECKING:
    from stripe.params import WebhookEndpointListParams

LIST = Endpoint("get", "/v1/webhook_endpoints")


async def list_all(client: StripeClient) -> tuple[WebhookEndpoint, ...]:
    """Every endpoint of the account and mode, newest first."""
    params: WebhookEndpointListParams = {}
    return tuple([found async for found in newest_first(client, WebhookEndpoint, LIST, params)])
