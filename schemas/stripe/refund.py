"""A Stripe Refund (docs.stripe.com/api/refunds/object)."""

from typing import Literal

from schemas.contract import Frozen, Whole
from schemas.ids import ChargeId, PaymentIntentId, RefundId
from schemas.money import Money

FAILED = frozenset(("failed", "canceled"))
"""The money came back to the account. Nothing follows these; `failed` may follow `succeeded` days later."""


class Refund(Frozen):
    """Money on its way back. Amounts in the currency's smallest unit.

    Attributes:
        status: `pending`, `requires_action`, `succeeded`, `failed` or `canceled`.
        balance_transaction: where the account's ledger has it; an authorisation that was released has none.
        reason: why it was made, by whoever made it; `expired_uncaptured_charge` when nobody did.
        failure_reason: why the bank did not take it, for example `lost_or_stolen_card`.
    """

    object: Literal["refund"] = "refund"
    id: RefundId
    status: str | None = None
    amount: Whole
    currency: str
    created: Whole
    charge: ChargeId | None = None
    payment_intent: PaymentIntentId | None = None
    balance_transaction: str | None = None
    reason: str | None = None
    failure_reason: str | None = None
    metadata: dict[str, str] | None = None

    @property
    def money(self) -> Money:
        """How much goes back."""
        return Money(minor_units=self.amount, currency=self.currency.upper())

    @property
    def reached(self) -> int:
        """How far it is: 0 waits, 1 succeeded, 2 failed or cancelled. It never goes back."""
        if not self.is_live:
            return 2
        return 1 if self.status == "succeeded" else 0

    @property
    def is_live(self) -> bool:
        """Whether the money has left or is about to: it has neither failed nor been cancelled."""
        return self.status not in FAILED
