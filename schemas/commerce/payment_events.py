"""What became of an order's payment; one class per event version."""

from typing import Annotated, ClassVar

from pydantic import Field

from schemas.contract import CurrencyCode, ExactDecimal, Flag, Frozen, Instant
from schemas.ids import (
    AccountName,
    ChargeId,
    InstanceName,
    MagentoCreditmemoId,
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
        instance: the Magento installation; `order_id` is unique in it.
        store_code: the store view that the order was placed in.
        order_id: `sales_order.entity_id`.
        increment_id: the number that people see.
        account: the Stripe account, as the settings name it.
        mode: whether it is about test or live money.
        amount: in order currency, as Stripe counts it.
        base_currency: the currency of the merchant's books.
        base_amount: the same amount in it, at the order's own rate.
    """

    TYPE: ClassVar[str]

    instance: InstanceName
    store_code: str
    order_id: Annotated[MagentoOrderId, Field(gt=0, strict=True)]
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
    """`commerce.payment.authorized.v1`: money is reserved, to be captured later.

    Attributes:
        payment_intent: Stripe's PaymentIntent.
        charge: the charge that reserves the money.
    """

    TYPE: ClassVar[str] = "commerce.payment.authorized.v1"
    payment_intent: PaymentIntentId
    charge: ChargeId | None = None


class PaymentCapturedV1(PaymentEvent):
    """`commerce.payment.captured.v1`: the order is paid.

    Attributes:
        payment_intent: Stripe's PaymentIntent, null for a total of zero, which needs none.
        charge: the charge that brought the money.
    """

    TYPE: ClassVar[str] = "commerce.payment.captured.v1"
    payment_intent: PaymentIntentId | None
    charge: ChargeId | None = None


class PaymentFailedV1(PaymentEvent):
    """`commerce.payment.failed.v1`: an attempt failed; the order may still be paid.

    Attributes:
        code: Stripe's error code (docs.stripe.com/error-codes), for example `card_declined`.
        decline_code: the issuer's reason (docs.stripe.com/declines/codes).
        retryable: whether the same card may be tried again.
    """

    TYPE: ClassVar[str] = "commerce.payment.failed.v1"
    payment_intent: PaymentIntentId
    code: str
    decline_code: str | None = None
    retryable: Flag


class PaymentActionRequiredV1(PaymentEvent):
    """`commerce.payment.action_required.v1`: the shopper has to come back, to authenticate or to pay.

    Attributes:
        payment_intent: Stripe's PaymentIntent, null while a hosted page has not made one.
    """

    TYPE: ClassVar[str] = "commerce.payment.action_required.v1"
    payment_intent: PaymentIntentId | None


class PaymentCanceledV1(PaymentEvent):
    """`commerce.payment.canceled.v1`: nothing will be paid: the intent was cancelled or the authorisation voided.

    Attributes:
        payment_intent: Stripe's PaymentIntent, null if there never was one.
    """

    TYPE: ClassVar[str] = "commerce.payment.canceled.v1"
    payment_intent: PaymentIntentId | None


class PaymentRefundedV1(PaymentEvent):
    """`commerce.payment.refunded.v1`: money went back, and the bank has not refused it.

    Attributes:
        refund: Stripe's Refund.
        reason: `credit_memo` when it was made for one of Magento's, `stripe` when it was made in Stripe;
            `order_canceled` or `paid_twice` when the sidecar gave back what could not be kept.
        creditmemo_id: Magento's credit memo for it, `sales_creditmemo.entity_id`; null where nothing was invoiced.
    """

    TYPE: ClassVar[str] = "commerce.payment.refunded.v1"
    payment_intent: PaymentIntentId
    refund: RefundId
    reason: str
    creditmemo_id: MagentoCreditmemoId | None = None


class PaymentHeldV1(PaymentEvent):
    """`commerce.payment.held.v1`: money and order disagree; a person has to look.

    Attributes:
        reason: what disagrees, in words.
    """

    TYPE: ClassVar[str] = "commerce.payment.held.v1"
    payment_intent: PaymentIntentId
    reason: Annotated[str, Field(min_length=1)]


class PaymentWindowClosedV1(Frozen):
    """`commerce.payment.window_closed.v1`: the time that the shop gives an order to be paid is over.

    Attributes:
        instance: the Magento installation; `order_id` is unique in it.
        order_id: `sales_order.entity_id`.
        closed_at: when the sidecar closed it.
    """

    TYPE: ClassVar[str] = "commerce.payment.window_closed.v1"

    instance: InstanceName
    order_id: Annotated[MagentoOrderId, Field(gt=0, strict=True)]
    closed_at: Instant

    @property
    def ref(self) -> OrderRef:
        """The order's key."""
        return OrderRef(instance=self.instance, order_id=self.order_id)
