"""Magento's orders, as far as payments need them. One implementation is bound to one instance.

Every write is idempotent by the Stripe id that it carries, so that it may be asked for again at any time.
"""

from datetime import datetime
from decimal import Decimal
from typing import Literal, Protocol

from pydantic import SecretStr

from schemas.contract import ExactDecimal, Frozen
from schemas.ids import (
    ChargeId,
    CheckoutSessionId,
    Instance,
    MagentoCreditmemoId,
    MagentoCustomerId,
    MagentoOrderId,
    PaymentIntentId,
    RefundId,
    StripeRef,
)

WriteBackOutcome = Literal["applied", "already_applied", "order_canceled", "not_payable"]
"""`order_canceled`: nothing was written, since Magento cancelled the order meanwhile. `not_payable`: nor here, since
the order is in a state that takes no payment (closed, complete by another payment)."""


class WriteBack(Frozen):
    """What became of a write."""

    outcome: WriteBackOutcome
    state: str | None = None
    status: str | None = None
    invoice_id: int | None = None
    transaction_id: str | None = None


class PaymentDetails(Frozen):
    """A payment that exists in Stripe, with what may be shown of the card.

    Attributes:
        amount: in order currency, as a decimal.
    """

    stripe: StripeRef
    payment_intent_id: PaymentIntentId
    charge_id: ChargeId | None = None
    amount: ExactDecimal
    currency: str
    method_type: str | None = None
    card_brand: str | None = None
    card_last4: str | None = None
    wallet: str | None = None
    risk_level: str | None = None
    risk_score: int | None = None


class PaymentFailure(Frozen):
    """An attempt that failed. `failure_id` is the charge's id, or the intent's with the code: one per attempt."""

    payment_intent_id: PaymentIntentId
    failure_id: str
    code: str
    decline_code: str | None = None
    message: str
    retryable: bool
    notify_shopper: bool = True


class PaymentLink(Frozen):
    """A way for the shopper to pay: a hosted page, and the intent's client secret for a headless front."""

    payment_intent_id: PaymentIntentId | None = None
    checkout_session_id: CheckoutSessionId | None = None
    url: str | None = None
    client_secret: SecretStr | None = None
    expires_at: datetime | None = None
    reason: Literal["unpaid", "payment_failed", "action_required"]
    notify_shopper: bool = False


class Hold(Frozen):
    """Why a person has to look at the order before it goes on."""

    payment_intent_id: PaymentIntentId
    reason: Literal["amount_mismatch", "currency_mismatch"]
    message: str


class ReturnedItem(Frozen):
    """A line of the order, `sales_order_item.item_id`, and how many of it come back."""

    order_item_id: int
    qty: ExactDecimal


class StripeRefund(Frozen):
    """Money that went back in Stripe, for which Magento is to make a credit memo.

    Attributes:
        amount: what went back, in order currency, as a decimal.
        status: `pending` while the bank has not taken it.
        reason: in words, for the memo's comment.
        lines: `whole`: all that is left of the order; `items`: the lines named; `amount`: an adjustment.
        shipping_amount: shipping that is given back, without its tax, in order currency.
        back_to_stock: whether the goods of the lines return to the stock.
    """

    stripe: StripeRef
    payment_intent_id: PaymentIntentId
    refund_id: RefundId
    charge_id: ChargeId | None = None
    amount: ExactDecimal
    currency: str
    status: Literal["pending", "succeeded"]
    reason: str | None = None
    lines: Literal["whole", "items", "amount"]
    items: tuple[ReturnedItem, ...] = ()
    shipping_amount: ExactDecimal | None = None
    back_to_stock: bool | None = None


class CreditmemoRefund(Frozen):
    """What became of a credit memo's money.

    Attributes:
        refund_id: the refund; null where Stripe refused to make one.
        amount: of this refund, in order currency, as a decimal.
        code, message: why it was refused, failed or was cancelled, by Stripe's code and in words.
    """

    stripe: StripeRef
    refund_id: RefundId | None = None
    payment_intent_id: PaymentIntentId | None = None
    charge_id: ChargeId | None = None
    amount: ExactDecimal
    currency: str
    status: Literal["pending", "requires_action", "succeeded", "failed", "canceled", "refused"]
    code: str | None = None
    message: str | None = None


RefundOutcome = Literal[
    "applied", "already_applied", "order_canceled", "not_payable", "not_refundable", "lines_differ", "linked_elsewhere"
]
"""`not_refundable`: less is left to give back than the amount, or nothing was invoiced. `lines_differ`: the lines come
to another sum. `linked_elsewhere`: the refund belongs to another memo. Nothing was written in any of the three."""


class RefundWriteBack(Frozen):
    """What became of a write about a refund.

    Attributes:
        creditmemo_id: the memo that the refund is linked to, where there is one.
        creditmemo_state: `open`, `refunded` or `canceled`.
        grand_total: with `lines_differ`, what the lines come to in Magento, in order currency.
    """

    outcome: RefundOutcome
    state: str | None = None
    status: str | None = None
    creditmemo_id: MagentoCreditmemoId | None = None
    creditmemo_increment_id: str | None = None
    creditmemo_state: str | None = None
    grand_total: ExactDecimal | None = None


class MagentoOrder(Frozen):
    """The order as Magento has it now; amounts in order currency.

    Attributes:
        customer_id: whose it is now: Magento gives a guest's order to the account that they open afterwards.
    """

    order_id: MagentoOrderId
    increment_id: str
    store_id: int
    state: str
    status: str
    currency: str
    grand_total: Decimal
    total_paid: Decimal
    total_refunded: Decimal
    payment_method: str
    updated_at: datetime
    last_transaction_id: str | None = None
    customer_id: MagentoCustomerId | None = None


class OutboxBacklog(Frozen):
    """What waits in the module's outbox.

    Attributes:
        pending: events that the broker has not confirmed yet.
        parked: events that cannot be published as they are; a person has to look.
        oldest_seconds: how long the oldest pending one has waited; null when none waits.
    """

    pending: int
    parked: int
    oldest_seconds: int | None = None


class MagentoStatus(Frozen):
    """What the instance says of itself, for `sidecar doctor` and the metrics.

    Attributes:
        instance: the name that its events carry.
        outbox: null where nothing tells: an older module, or the database adapter.
    """

    version: str | None = None
    module_version: str | None = None
    instance: str | None = None
    outbox: OutboxBacklog | None = None


class MagentoOrders(Protocol):
    """The instance's orders.

    Every method raises `TransientError`, `UnknownOutcomeError`, `UnauthorizedError`, `NotFoundError` or
    `RefusedError` (`sidecar.errors`) and nothing else.
    """

    @property
    def instance(self) -> Instance:
        """Which instance this is."""
        ...

    async def read_order(self, order: MagentoOrderId) -> MagentoOrder:
        """Read the order as it is now."""
        ...

    async def record_authorization(self, order: MagentoOrderId, payment: PaymentDetails) -> WriteBack:
        """Money is reserved: authorisation transaction, state `processing`, no invoice."""
        ...

    async def record_capture(self, order: MagentoOrderId, payment: PaymentDetails) -> WriteBack:
        """Money is taken: invoice, capture transaction, state `processing`, payment details, comment."""
        ...

    async def record_payment_failure(self, order: MagentoOrderId, failure: PaymentFailure) -> WriteBack:
        """An attempt failed: status `payment_failed`, the reason in words, the shopper told."""
        ...

    async def record_payment_link(self, order: MagentoOrderId, link: PaymentLink) -> WriteBack:
        """Show the shopper a way to pay; `action_required` also puts the status back to `pending_payment`."""
        ...

    async def hold_order(self, order: MagentoOrderId, hold: Hold) -> WriteBack:
        """Put the order on hold, with the reason in its history."""
        ...

    async def reopen_order(self, order: MagentoOrderId, payment_intent: PaymentIntentId) -> WriteBack:
        """Bring a cancelled order back to `pending_payment`, since its payment has landed after all."""
        ...

    async def cancel_order(self, order: MagentoOrderId, comment: str) -> WriteBack:
        """Cancel an order that nobody paid; `already_applied` when it is cancelled already."""
        ...

    async def accept_without_payment(self, order: MagentoOrderId) -> WriteBack:
        """Let an order go on that costs nothing: invoice, state `processing`."""
        ...

    async def add_comment(self, order: MagentoOrderId, comment: str) -> None:
        """Add a line to the order's history; the status stays."""
        ...

    async def record_refund(self, order: MagentoOrderId, refund: StripeRefund) -> RefundWriteBack:
        """Make a credit memo for money that went back in Stripe; one for each refund."""
        ...

    async def record_creditmemo_refund(
        self, creditmemo: MagentoCreditmemoId, refund: CreditmemoRefund
    ) -> RefundWriteBack:
        """Say what became of a credit memo's money, and link its refund to it."""
        ...

    async def republish(self, order: MagentoOrderId) -> WriteBack:
        """Have the instance publish the events of the order and its credit memos once more, for those that never came.

        They are new events, with snapshots as things are now. Asked for twice, they come twice.
        """
        ...

    async def status(self) -> MagentoStatus:
        """Ask the instance and its module for their versions and what waits there."""
        ...


class MagentoDirectory(Protocol):
    """All configured instances."""

    def __getitem__(self, instance: Instance) -> MagentoOrders:
        """The instance's adapter. Raises `KeyError` when no such instance is configured."""
        ...
