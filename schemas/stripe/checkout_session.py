"""A Stripe Checkout Session (docs.stripe.com/api/checkout/sessions/object)."""

from typing import Literal

from pydantic import Field

from schemas.contract import Flag, Frozen, Whole
from schemas.ids import CheckoutSessionId, PaymentIntentId


class CheckoutSession(Frozen):
    """A page of Stripe's on which the shopper pays. It has no PaymentIntent until the shopper confirms."""

    object: Literal["checkout.session"] = "checkout.session"
    id: CheckoutSessionId
    status: Literal["open", "complete", "expired"] | None = None
    payment_status: str = "unpaid"
    payment_intent: PaymentIntentId | None = None
    url: str | None = None
    expires_at: Whole
    livemode: Flag
    metadata: dict[str, str] = Field(default_factory=dict)
