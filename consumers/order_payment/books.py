"""What Magento has on an order's books."""

import orjson

from consumers.order_payment.state import OrderPaymentState
from schemas.stripe.payment_intent import PaymentIntent
from sidecar.effects.record_capture import capture_key

APPLIED = frozenset(("applied", "already_applied"))
"""Outcomes after which a write is on the books."""


def outcome_of(state: OrderPaymentState, key: str) -> str | None:
    """What Magento answered to an effect; None while it is not done."""
    result = state.results.get(key)
    return None if result is None else str(orjson.loads(result)["outcome"])


def is_booked(state: OrderPaymentState, intent: PaymentIntent) -> bool:
    """Whether Magento has recorded the intent's capture, and so has an invoice for it."""
    keys = _capture_keys(state, intent)
    return any(outcome_of(state, key) in APPLIED for key in keys)


def payment_of(state: OrderPaymentState) -> PaymentIntent | None:
    """The intent that pays the order: the one that Magento has on its books, else the oldest that was paid.

    Which one was heard of first is chance; once Magento has booked one, that one stays.
    """

    def booked(intent: PaymentIntent) -> tuple[bool, bool]:
        attempted = any(key in state.attempted for key in _capture_keys(state, intent))
        return not is_booked(state, intent), not attempted

    return next(iter(sorted(state.succeeded, key=booked)), None) or next(iter(state.authorized), None)


def _capture_keys(state: OrderPaymentState, intent: PaymentIntent) -> list[str]:
    return [capture_key(state.order, intent.id, reopened=reopened) for reopened in (False, True)]
