"""`commerce.refund.failed.v1`: a shopper does not get the money that was to go back."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from schemas.commerce.payment_events import PaymentEvent
from schemas.ids import MagentoCreditmemoId, PaymentIntentId, RefundId


class RefundFailedV1(PaymentEvent):
    """`commerce.refund.failed.v1`: a refund was refused by Stripe, or came back from the bank, perhaps days later.

    The money is with the shop, and somebody has to give it back another way.

    Attributes:
        outcome: `refused`: Stripe would not make it. `failed`: the bank did not take it. `canceled`: it was cancelled.
        code: why, by Stripe's code, for example `charge_disputed` or `lost_or_stolen_card`.
        payment_intent: whose money it is; null where that had not been settled yet.
        refund: Stripe's Refund; null when there is none.
        creditmemo_id: Magento's credit memo that it was for, `sales_creditmemo.entity_id`; null where there is none.
    """

    TYPE: ClassVar[str] = "commerce.refund.failed.v1"
    outcome: Literal["refused", "failed", "canceled"]
    code: Annotated[str, Field(min_length=1)]
    payment_intent: PaymentIntentId | None = None
    refund: RefundId | None = None
    creditmemo_id: MagentoCreditmemoId | None = None
