"""Why a refund failed, in words (docs.stripe.com/refunds#failed-refunds)."""

from schemas.stripe.refund import Refund

WORDS = {
    "charge_for_pending_refund_disputed": "The customer disputed the payment while the refund was under way.",
    "declined": "The bank declined the refund.",
    "expired_or_canceled_card": "The card has expired or was cancelled.",
    "insufficient_funds": "The Stripe account did not have enough money.",
    "lost_or_stolen_card": "The card was reported lost or stolen.",
    "merchant_request": "The refund was stopped at the shop's request.",
    "unknown": "The bank gave no reason.",
}


def code_of(refund: Refund) -> str:
    """Stripe's code for the reason."""
    return refund.failure_reason or "unknown"


def words_of(refund: Refund) -> str:
    """The reason as a person reads it."""
    if refund.status == "canceled" and refund.failure_reason is None:
        return "The refund was cancelled."
    return WORDS.get(code_of(refund), WORDS["unknown"])
