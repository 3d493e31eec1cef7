"""A Stripe Charge (docs.stripe.com/api/charges/object)."""

from typing import Literal

from pydantic import Field

from schemas.contract import Flag, Frozen, Whole
from schemas.ids import ChargeId, PaymentIntentId


class Wallet(Frozen):
    """The wallet a card was paid through, for example `apple_pay`."""

    type: str | None = None


class CardDetails(Frozen):
    """What may be shown of the card: never its number."""

    brand: str | None = None
    last4: str | None = None
    wallet: Wallet | None = None


class PaymentMethodDetails(Frozen):
    """How a charge was paid."""

    type: str
    card: CardDetails | None = None


class Outcome(Frozen):
    """Radar's and the network's word on a charge."""

    type: str | None = None
    risk_level: str | None = None
    risk_score: Whole | None = None
    seller_message: str | None = None
    reason: str | None = None
    advice_code: str | None = None


class Charge(Frozen):
    """One attempt at a PaymentIntent; amounts in the currency's smallest unit."""

    object: Literal["charge"] = "charge"
    id: ChargeId
    status: str
    amount: Whole
    amount_captured: Whole = 0
    amount_refunded: Whole = 0
    currency: str
    captured: Flag = False
    payment_intent: PaymentIntentId | None = None
    payment_method_details: PaymentMethodDetails | None = None
    outcome: Outcome | None = None
    failure_code: str | None = None
    failure_message: str | None = None
    metadata: dict[str, str] = Field(default_factory=dict)
