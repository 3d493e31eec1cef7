"""A Stripe of our own: stateful, in memory, as strict as the real one about parameters, states, keys and limits."""

from sidecar.sandbox.stripe.app import StripeSandbox, create_app
from sidecar.sandbox.stripe.config import (
    AccountConfig,
    Delivery,
    RateLimits,
    StripeSandboxConfig,
    WebhookTarget,
)
from sidecar.sandbox.stripe.faults import Fault
from sidecar.sandbox.stripe.serving import listening, serve
from sidecar.sandbox.stripe.webhooks import DeliveryFault

__all__ = [
    "AccountConfig",
    "Delivery",
    "DeliveryFault",
    "Fault",
    "RateLimits",
    "StripeSandbox",
    "StripeSandboxConfig",
    "WebhookTarget",
    "create_app",
    "listening",
    "serve",
]
