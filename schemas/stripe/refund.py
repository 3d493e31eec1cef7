"""A Stripe Refund (docs.stripe.com/api/refunds/object)."""

from typing import Literal

from schemas.contract import Frozen, Whole
from schemas.ids import ChargeId, PaymentIntentId, RefundId


class Refund(Frozen):
    """Money on its way back. Amounts in the currency's smallest unit."""

    object: Literal["refund"] = "refund"
    id: RefundId
    status: str | None = None
    amount: Whole
    currency: str
    charge: ChargeId | None = None
    payment_intent: PaymentIntentId | None = None
    metadata: dict[str, str] | None = None
