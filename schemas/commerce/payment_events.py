"""What became of an order's payment; one class per event version."""

from typing import Annotated, ClassVar

from pydantic import AwareDatetime, Field

from schemas.contract import CurrencyCode, ExactDecimal, Frozen
from schemas.ids import (
    AccountName,
    ChargeId,
    InstanceName,
    MagentoOrderId,
    Mode,
    OrderRef,
    PaymentIntentId,
    RefundId,
)  # fmt: skip
from schemas.money import Money


class PaymentEvent(Frozen):
    """What every payment event says.

    Attributes:
        amount: in order currency, as Stripe counts it.
        base_currency: the currency of the merchant's books.
        base_amount: the same amount in it, at the order's own rate.
    """

    TYPE: ClassVar[str]

    instance: InstanceName
    store_code: str
    order_id: MagentoOrderId
    increment_id: str
    account: AccountName
    mode: Mode
    amount: Money
    base_currency: CurrencyCode
    base_amount: ExactDecimal

    @property
    def ref(self) -> OrderRef:
        """The order's key."""
        return OrderRef(instance=self.instance, order_id=self.order_id)


class PaymentAuthorizedV1(PaymentEvent):
    """`commerce.payment.authorized.v1`: money is reserved, to be captured later."""

    TYPE: ClassVar[str] = "commerce.payment.authorized.v1"
    payment_intent: PaymentIntentId
    charge: ChargeId | None = None


class PaymentCapturedV1(PaymentEvent):
    """`commerce.payment.captured.v1`: the order is paid. `payment_intent` is null for a zero total."""

    TYPE: ClassVar[str] = "commerce.payment.captured.v1"
    payment_intent: PaymentIntentId | None
    charge: ChargeId | None = None


class PaymentFailedV1(PaymentEvent):
    """`commerce.payment.failed.v1`: an attempt failed; the order may still be paid."""

    TYPE: ClassVar[str] = "commerce.payment.failed.v1"
    payment_intent: PaymentIntentId
    code: str
    decline_code: str | None = None
    retryable: bool


class PaymentActionRequiredV1(PaymentEvent):
    """`commerce.payment.action_required.v1`: the shopper has to come back, to authenticate or to pay."""

    TYPE: ClassVar[str] = "commerce.payment.action_required.v1"
    payment_intent: PaymentIntentId | None


class PaymentCanceledV1(PaymentEvent):
    """`commerce.payment.canceled.v1`: nothing will be paid: the intent was cancelled or the authorisation voided."""

    TYPE: ClassVar[str] = "commerce.payment.canceled.v1"
    payment_intent: PaymentIntentId | None


class PaymentRefundedV1(PaymentEvent):
    """`commerce.payment.refunded.v1`: the sidecar gave money back that it could not keep."""

    TYPE: ClassVar[str] = "commerce.payment.refunded.v1"
    payment_intent: PaymentIntentId
    refund: RefundId
    reason: str


class PaymentHeldV1(PaymentEvent):
    """`commerce.payment.held.v1`: money and order disagree; a person has to look."""

    TYPE: ClassVar[str] = "commerce.payment.held.v1"
    payment_intent: PaymentIntentId
    reason: Annotated[str, Field(min_length=1)]


class PaymentWindowClosedV1(Frozen):
    """`commerce.payment.window_closed.v1`: the time that the shop gives an order to be paid is over."""

    TYPE: ClassVar[str] = "commerce.payment.window_closed.v1"

    instance: InstanceName
    order_id: MagentoOrderId
    closed_at: AwareDatetime

    @property
    def ref(self) -> OrderRef:
        """The order's key."""
        return OrderRef(instance=self.instance, order_id=self.order_id)
