"""What the module's resources take: see `docs/magento-rest.md`."""

from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from schemas.contract import CurrencyCode, ExactDecimal, Flag, Frozen, Instant, PositiveDecimal, Whole

IntentId = Annotated[str, Field(pattern=r"^pi_")]
RefundedId = Annotated[str, Field(pattern=r"^(re|pyr)_")]


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


class ReturnedItemBody(Body):
    """A line of the order, and how many of it come back."""

    order_item_id: Whole
    qty: PositiveDecimal


class StripeRefundBody(Body):
    """Money that went back in Stripe."""

    account: str
    mode: Literal["test", "live"]
    payment_intent_id: IntentId
    charge_id: str | None = None
    refund_id: RefundedId
    order_id: Whole
    amount: PositiveDecimal
    currency: CurrencyCode
    status: Literal["pending", "succeeded"]
    reason: str | None = None
    lines: Literal["whole", "items", "amount"]
    items: tuple[ReturnedItemBody, ...] = ()
    shipping_amount: ExactDecimal | None = None
    back_to_stock: Flag = False


class CreditmemoRefundBody(Body):
    """What became of a credit memo's money."""

    account: str
    mode: Literal["test", "live"]
    refund_id: RefundedId | None = None
    payment_intent_id: IntentId | None = None
    charge_id: str | None = None
    amount: PositiveDecimal
    currency: CurrencyCode
    status: Literal["pending", "requires_action", "succeeded", "failed", "canceled", "refused"]
    code: str | None = None
    message: str | None = None


class StripeRefund(Body):
    """`refunds`."""

    refund: StripeRefundBody


class CreditmemoRefund(Body):
    """`creditmemos/{id}/refund`."""

    refund: CreditmemoRefundBody


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
