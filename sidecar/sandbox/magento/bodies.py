"""What the module's resources take: see `docs/magento-rest.md`."""

from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from schemas.contract import CurrencyCode, ExactDecimal, Flag, Frozen, Instant, Whole

IntentId = Annotated[str, Field(pattern=r"^pi_")]


class Body(Frozen):
    """Part of a request. Magento refuses fields that it does not know, and so does the stand-in."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class PaymentBody(Body):
    """A payment that exists in Stripe."""

    account: str
    mode: Literal["test", "live"]
    payment_intent_id: IntentId
    charge_id: str | None = None
    amount: ExactDecimal
    currency: CurrencyCode
    method_type: str | None = None
    card_brand: str | None = None
    card_last4: str | None = None
    wallet: str | None = None
    risk_level: str | None = None
    risk_score: Whole | None = None


class FailureBody(Body):
    """An attempt that failed."""

    payment_intent_id: IntentId
    failure_id: str
    code: str
    decline_code: str | None = None
    message: str
    retryable: Flag
    notify_shopper: Flag


class LinkBody(Body):
    """A way to pay."""

    payment_intent_id: IntentId | None = None
    checkout_session_id: str | None = None
    url: str | None = None
    client_secret: str | None = None
    expires_at: Instant | None = None
    reason: Literal["unpaid", "payment_failed", "action_required"]
    notify_shopper: Flag


class HoldBody(Body):
    """Why a person has to look."""

    payment_intent_id: IntentId
    reason: Literal["amount_mismatch", "currency_mismatch"]
    message: str


class ReopenBody(Body):
    """Whose payment landed."""

    payment_intent_id: IntentId
    reason: str


class Authorization(Body):
    """`authorization` and `capture`."""

    payment: PaymentBody


class Failure(Body):
    """`payment-failure`."""

    failure: FailureBody


class Link(Body):
    """`payment-link`."""

    link: LinkBody


class Held(Body):
    """`hold`."""

    hold: HoldBody


class Reopened(Body):
    """`reopen`."""

    reopen: ReopenBody
