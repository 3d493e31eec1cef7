"""Tell Magento, and the systems behind it, what Stripe says of the payment."""

from decimal import Decimal
from typing import Literal

from consumers.order_payment.declines import AUTHENTICATION, may_retry, words_of
from consumers.order_payment.state import OrderPaymentState
from consumers.order_payment.ways_to_pay import method_unusable
from schemas.commerce.payment_events import (
    PaymentActionRequiredV1,
    PaymentAuthorizedV1,
    PaymentCapturedV1,
    PaymentEvent,
    PaymentFailedV1,
    PaymentHeldV1,
)
from schemas.money import Money, base_amount
from schemas.stripe.payment_intent import PaymentIntent
from sidecar.effects.add_comment import AddComment
from sidecar.effects.create_payment_intent import METHOD_UNUSABLE
from sidecar.effects.effect import Effect
from sidecar.effects.hold_order import HoldOrder
from sidecar.effects.publish_event import PublishEvent
from sidecar.effects.record_authorization import RecordAuthorization
from sidecar.effects.record_capture import RecordCapture
from sidecar.effects.record_payment_failure import RecordPaymentFailure
from sidecar.ports.magento import Hold, PaymentDetails, PaymentFailure


def details_of(state: OrderPaymentState, intent: PaymentIntent, amount: Money) -> PaymentDetails:
    """What Magento keeps of a payment."""
    charge = intent.charge
    method = charge.payment_method_details if charge else None
    card = method.card if method else None
    outcome = charge.outcome if charge else None
    return PaymentDetails(
        stripe=state.stripe,
        payment_intent_id=intent.id,
        charge_id=intent.charge_id,
        amount=amount.to_decimal(),
        currency=amount.currency,
        method_type=method.type if method else None,
        card_brand=card.brand if card else None,
        card_last4=card.last4 if card else None,
        wallet=card.wallet.type if card and card.wallet else None,
        risk_level=outcome.risk_level if outcome else None,
        risk_score=outcome.risk_score if outcome else None,
    )


def about_order(state: OrderPaymentState, amount: Money) -> dict[str, object]:
    """The fields that every payment event has."""
    placed = state.placed
    return {
        "instance": placed.instance,
        "store_code": placed.store.store_code,
        "order_id": placed.order_id,
        "increment_id": placed.increment_id,
        "account": state.stripe.account,
        "mode": state.stripe.mode,
        "amount": amount,
        "base_currency": placed.base_totals.currency,
        "base_amount": _in_base_currency(state, amount),
    }


def _in_base_currency(state: OrderPaymentState, amount: Money) -> Decimal:
    """The amount in the books' currency; for the whole order its own base total, so that no cent moves."""
    if amount == state.expected:
        return state.placed.base_totals.total_due
    return base_amount(amount, state.placed.base_to_order_rate)


def publish(state: OrderPaymentState, data: PaymentEvent, about: str) -> PublishEvent:
    """One event about the order."""
    return PublishEvent(order=state.order, type=data.TYPE, about=about, data=data)


def mismatch(state: OrderPaymentState, intent: PaymentIntent, amount: Money) -> list[Effect]:
    """Hold the order if what was paid or reserved is not what was to be paid."""
    if amount == state.expected:
        return []
    reason: Literal["currency_mismatch", "amount_mismatch"] = (
        "currency_mismatch" if amount.currency != state.expected.currency else "amount_mismatch"
    )
    message = f"Stripe has {amount} for {intent.id}, but the order is over {state.expected}."
    return [
        HoldOrder(order=state.order, hold=Hold(payment_intent_id=intent.id, reason=reason, message=message)),
        publish(
            state,
            PaymentHeldV1.model_validate(
                about_order(state, amount) | {"payment_intent": intent.id, "reason": reason},
            ),
            intent.id,
        ),
    ]


def record_capture(state: OrderPaymentState, intent: PaymentIntent, *, reopened: bool) -> RecordCapture:
    """The effect that makes the order paid in Magento; its key tells whether that has been done."""
    return RecordCapture(
        order=state.order,
        payment=details_of(state, intent, intent.received),
        placed_at=state.placed.placed_at,
        reopened=reopened,
    )


def capture(state: OrderPaymentState, intent: PaymentIntent, *, reopened: bool) -> list[Effect]:
    """The order is paid."""
    return [
        record_capture(state, intent, reopened=reopened),
        publish(
            state,
            PaymentCapturedV1.model_validate(
                about_order(state, intent.received) | {"payment_intent": intent.id, "charge": intent.charge_id},
            ),
            intent.id,
        ),
    ]


def authorization(state: OrderPaymentState, intent: PaymentIntent) -> list[Effect]:
    """The money is reserved."""
    amount = Money(minor_units=intent.amount_capturable, currency=intent.currency.upper())
    held = mismatch(state, intent, amount)
    if held:
        return held
    return [
        RecordAuthorization(order=state.order, payment=details_of(state, intent, amount)),
        publish(
            state,
            PaymentAuthorizedV1.model_validate(
                about_order(state, amount) | {"payment_intent": intent.id, "charge": intent.charge_id},
            ),
            intent.id,
        ),
    ]


def unfinished(state: OrderPaymentState) -> list[Effect]:
    """What is known of attempts that have not led to a payment."""
    effects: list[Effect] = []
    for intent in state.intents:
        error = intent.last_payment_error
        if intent.status == "processing":
            comment = f"Stripe is processing the payment {intent.id}; the order will be paid when it is confirmed."
            effects.append(AddComment(order=state.order, about=f"processing/{intent.id}", comment=comment))
        elif intent.status == "requires_action":
            effects.append(_action_required(state, intent))
        elif intent.status == "requires_payment_method" and error is not None:
            if error.code in AUTHENTICATION and error.code == "authentication_required":
                effects.append(_action_required(state, intent))
            else:
                effects += _failure(
                    state,
                    intent,
                    failure_id=error.charge or f"{intent.id}:{error.code}",
                    code=error.code or error.type,
                    decline_code=error.decline_code,
                    retryable=may_retry(error),
                )
        elif method_unusable(state, intent):
            effects += _failure(
                state,
                intent,
                failure_id=f"{intent.id}:{METHOD_UNUSABLE}",
                code=METHOD_UNUSABLE,
                decline_code=None,
                retryable=False,
            )
        elif intent.status == "canceled" and not _canceled_by_us(state, intent):
            expired = intent.cancellation_reason == "automatic"
            effects += _failure(
                state,
                intent,
                failure_id=f"{intent.id}:canceled",
                code="authorization_expired" if expired else "canceled",
                decline_code=None,
                retryable=True,
            )
    return effects


def _canceled_by_us(state: OrderPaymentState, intent: PaymentIntent) -> bool:
    # A hosted page's intent is cancelled with its page, which is no failure either.
    if state.made_by_checkout(intent.id, None) and intent.cancellation_reason != "automatic":
        return True
    return any(f":cancel:{intent.id}/" in key for key in state.attempted)


def _action_required(state: OrderPaymentState, intent: PaymentIntent) -> Effect:
    data = PaymentActionRequiredV1.model_validate(about_order(state, intent.total) | {"payment_intent": intent.id})
    return publish(state, data, f"{intent.id}/{intent.charge_id or '-'}")


def _failure(
    state: OrderPaymentState,
    intent: PaymentIntent,
    *,
    failure_id: str,
    code: str,
    decline_code: str | None,
    retryable: bool,
) -> list[Effect]:
    failure = PaymentFailure(
        payment_intent_id=intent.id,
        failure_id=failure_id,
        code=code,
        decline_code=decline_code,
        message=words_of(code, decline_code),
        retryable=retryable,
        # On a hosted page the shopper has already read it.
        notify_shopper=not state.made_by_checkout(intent.id, intent.metadata.get("sidecar_key")),
    )
    data = PaymentFailedV1.model_validate(
        about_order(state, intent.total)
        | {"payment_intent": intent.id, "code": code, "decline_code": decline_code, "retryable": retryable},
    )
    return [RecordPaymentFailure(order=state.order, failure=failure), publish(state, data, failure_id)]
