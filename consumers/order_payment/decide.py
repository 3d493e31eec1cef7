"""What to do next for one order: pure, and the same whatever has just happened.

The decision looks at where things stand, never at what woke it up. So a message may come twice, late or before its
time: once all facts are known, every order of arrival has led to the same place.
"""

from consumers.order_payment.books import APPLIED, outcome_of, payment_of
from consumers.order_payment.give_back import give_back
from consumers.order_payment.reflect import (
    about_order,
    authorization,
    capture,
    mismatch,
    publish,
    unfinished,
)
from consumers.order_payment.state import OrderPaymentState
from consumers.order_payment.ways_to_pay import can_be_paid, close_ways, open_ways
from schemas.commerce.payment_events import PaymentCanceledV1, PaymentCapturedV1
from schemas.stripe.payment_intent import PaymentIntent
from sidecar.effects.accept_without_payment import AcceptWithoutPayment
from sidecar.effects.add_comment import AddComment
from sidecar.effects.cancel_order import CancelOrder
from sidecar.effects.effect import Effect
from sidecar.effects.record_capture import capture_key
from sidecar.effects.reopen_order import ReopenOrder


def decide(state: OrderPaymentState) -> list[Effect]:
    """The effects that are due now, in order; nothing when the order's payment stands as it should."""
    return [effect for effect in _plan(state) if effect.key not in state.results]


def _plan(state: OrderPaymentState) -> list[Effect]:
    if state.expected.minor_units == 0:
        return _zero_total(state)
    payment = payment_of(state)
    if payment is not None:
        return _paid_or_reserved(state, payment)
    if state.canceled:
        return _canceled(state)
    if state.window_closed:
        return _too_late(state)
    # What is known is said first, so that a failure's mail does not wait for the page it links to.
    said = [effect for effect in unfinished(state) if effect.key not in state.results]
    return said or open_ways(state)


def _zero_total(state: OrderPaymentState) -> list[Effect]:
    if state.canceled:
        return []
    data = PaymentCapturedV1.model_validate(about_order(state, state.expected) | {"payment_intent": None})
    return [AcceptWithoutPayment(order=state.order), publish(state, data, "zero")]


def _paid_or_reserved(state: OrderPaymentState, payment: PaymentIntent) -> list[Effect]:
    effects = _succeeded(state, payment) if payment.status == "succeeded" else _reserved(state, payment)
    effects += close_ways(state, keep=payment)
    for extra in (intent for intent in state.succeeded if intent.id != payment.id):
        effects += give_back(state, extra, "paid_twice")
    return effects


def _reserved(state: OrderPaymentState, payment: PaymentIntent) -> list[Effect]:
    if not state.canceled:
        return authorization(state, payment)
    comment = f"Stripe released the reserved amount of {payment.id}, since the order had been cancelled."
    return [
        *close_ways(state, keep=None),
        AddComment(order=state.order, about=f"void/{payment.id}", comment=comment),
        *_nothing_to_pay(state, payment),
    ]


def _succeeded(state: OrderPaymentState, payment: PaymentIntent) -> list[Effect]:
    held = mismatch(state, payment, payment.received)
    outcome = outcome_of(state, capture_key(state.order, payment.id, reopened=False))
    recorded = outcome in APPLIED
    if state.canceled:
        return _paid_but_canceled(state, payment, recorded=recorded, held=held)
    if held:
        return held
    if outcome == "not_payable":
        comment = f"Stripe has {payment.received} for this order ({payment.id}), but the order takes no payment."
        return [AddComment(order=state.order, about=f"not_payable/{payment.id}", comment=comment)]
    return capture(state, payment, reopened=False)


def _paid_but_canceled(
    state: OrderPaymentState, payment: PaymentIntent, *, recorded: bool, held: list[Effect]
) -> list[Effect]:
    if recorded and state.policy.on_cancel_of_paid_order == "keep":
        return []
    reopen = ReopenOrder(order=state.order, payment_intent=payment.id)
    kept = state.left_of(payment) > 0 or reopen.key in state.results  # an order is not reopened for money that is gone
    if not recorded and not held and kept and state.policy.on_payment_of_canceled_order == "reopen":
        if outcome_of(state, reopen.key) is None:
            return [reopen]
        booked = outcome_of(state, capture_key(state.order, payment.id, reopened=True))
        if outcome_of(state, reopen.key) in APPLIED and booked not in {"order_canceled", "not_payable"}:
            return capture(state, payment, reopened=True)
        # Magento will not have it back, or it was cancelled a second time: the money must not stay.
    return give_back(state, payment, "order_canceled")


def _canceled(state: OrderPaymentState) -> list[Effect]:
    return close_ways(state, keep=None) + _nothing_to_pay(state, None)


def _too_late(state: OrderPaymentState) -> list[Effect]:
    closing = [effect for effect in close_ways(state, keep=None) if effect.key not in state.results]
    if closing:
        return closing
    if any(can_be_paid(state, intent) for intent in state.intents):
        return []  # a payment is on its way; its end will wake us
    cancel = CancelOrder(order=state.order, comment="The order was not paid in time.")
    if outcome_of(state, cancel.key) == "not_payable":
        return []  # Magento has moved on, for example by another payment method
    return [cancel, *_nothing_to_pay(state, None)]


def _nothing_to_pay(state: OrderPaymentState, intent: PaymentIntent | None) -> list[Effect]:
    last = intent or (state.intents[-1] if state.intents else None)
    data = PaymentCanceledV1.model_validate(
        about_order(state, state.expected) | {"payment_intent": last.id if last else None},
    )
    return [publish(state, data, "canceled")]
