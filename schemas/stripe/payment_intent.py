"""A Stripe PaymentIntent (docs.stripe.com/api/payment_intents/object)."""

from typing import Literal

from pydantic import Field, SecretStr

from schemas.contract import Flag, Frozen, Whole
from schemas.ids import ChargeId, CustomerId, PaymentIntentId
from schemas.money import Money
from schemas.stripe.charge import Charge

Status = Literal[
    "requires_payment_method", "requires_confirmation", "requires_action", "processing", "requires_capture",
    "canceled", "succeeded",
]  # fmt: skip

FINAL: frozenset[Status] = frozenset(("canceled", "succeeded"))
"""Nothing follows these: an older or a newer view of the same intent can only say the same."""


class PaymentError(Frozen):
    """Why the last attempt failed (docs.stripe.com/declines/codes)."""

    type: str
    code: str | None = None
    decline_code: str | None = None
    advice_code: str | None = None
    message: str | None = None
    charge: ChargeId | None = None


class RedirectToUrl(Frozen):
    """Where the shopper has to go."""

    url: str | None = None


class NextAction(Frozen):
    """What the shopper has to do."""

    type: str
    redirect_to_url: RedirectToUrl | None = None


class PaymentIntent(Frozen):
    """One intention to be paid; it may take several charges. Amounts in the currency's smallest unit.

    `client_secret` lets the shopper's browser finish the payment: it goes to Magento and nowhere else.
    """

    object: Literal["payment_intent"] = "payment_intent"
    id: PaymentIntentId
    status: Status
    amount: Whole
    amount_capturable: Whole = 0
    amount_received: Whole = 0
    currency: str
    created: Whole
    livemode: Flag
    customer: CustomerId | None = None
    capture_method: str = "automatic"
    client_secret: SecretStr | None = None
    cancellation_reason: str | None = None
    last_payment_error: PaymentError | None = None
    latest_charge: Charge | ChargeId | None = None
    next_action: NextAction | None = None
    metadata: dict[str, str] = Field(default_factory=dict)

    @property
    def charge(self) -> Charge | None:
        """The latest charge, where Stripe was asked to expand it."""
        return self.latest_charge if isinstance(self.latest_charge, Charge) else None

    @property
    def charge_id(self) -> ChargeId | None:
        """The latest charge's id."""
        return self.latest_charge.id if isinstance(self.latest_charge, Charge) else self.latest_charge

    @property
    def total(self) -> Money:
        """What was asked for."""
        return Money(minor_units=self.amount, currency=self.currency.upper())

    @property
    def received(self) -> Money:
        """What was paid."""
        return Money(minor_units=self.amount_received, currency=self.currency.upper())
