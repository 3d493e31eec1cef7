"""Give back money that the shop cannot keep."""

from itertools import count

from consumers.order_payment.reflect import about_order, publish
from consumers.order_payment.state import OrderPaymentState
from schemas.commerce.refund_failed_v1 import RefundFailedV1
from schemas.money import Money
from schemas.stripe.payment_intent import PaymentIntent
from sidecar.effects.add_comment import AddComment
from sidecar.effects.effect import Effect
from sidecar.effects.refund_effect import RefundAnswer
from sidecar.effects.refund_payment import Cause, RefundPayment, returns_a_payment
from sidecar.stripe_metadata import metadata_of

WORDS: dict[Cause, str] = {
    "order_canceled": "the order had been cancelled",
    "paid_twice": "the order had been paid already",
}


def give_back(state: OrderPaymentState, intent: PaymentIntent, cause: Cause) -> list[Effect]:
    """Refund what is left of one payment, and say so in the order's history.

    A refund of ours that failed is not made again: the card that did not take it will not take it now. A person is
    told, as of one that Stripe refuses.
    """
    answers = _answers(state, intent, cause)
    effects: list[Effect] = [
        _comment(state, intent, number, answer.amount, cause)
        for number, answer in answers.items()
        if answer.refund is not None
    ]
    due = _due(state, intent)
    if due.minor_units <= 0:
        return effects
    refused = [
        answer for answer in answers.values() if answer.refund is None and answer.amount.minor_units <= due.minor_units
    ]
    if refused:
        return effects + _refused(state, intent, due, refused[-1])
    effect = _refund(state, intent, due, cause, len(answers) + 1)
    return [*effects, effect, _comment(state, intent, effect.number, due, cause)]


def is_given_back(state: OrderPaymentState, intent: PaymentIntent) -> bool:
    """Whether giving this payment back was ever begun: it is nobody's to refund in parts then."""
    begun = _refund(state, intent, intent.received, "order_canceled", 1).key in state.attempted
    return begun or any(returns_a_payment(refund, state.stripe) for refund in state.refunds_of(intent))


def _due(state: OrderPaymentState, intent: PaymentIntent) -> Money:
    refunds = state.refunds_of(intent)
    spent = sum(refund.amount for refund in refunds if refund.is_live or returns_a_payment(refund, state.stripe))
    return Money(minor_units=intent.amount_received - spent, currency=intent.currency.upper())


def _answers(state: OrderPaymentState, intent: PaymentIntent, cause: Cause) -> dict[int, RefundAnswer]:
    """What Stripe answered so far, by the number of the attempt."""
    answers: dict[int, RefundAnswer] = {}
    for number in count(1):
        result = state.results.get(_refund(state, intent, intent.received, cause, number).key)
        if result is None:
            return answers
        answers[number] = RefundAnswer.model_validate_json(result)
    raise AssertionError("there is an end to them")


def _refund(state: OrderPaymentState, intent: PaymentIntent, amount: Money, cause: Cause, number: int) -> RefundPayment:
    return RefundPayment(
        order=state.order,
        stripe=state.stripe,
        payment_intent=intent.id,
        amount=amount,
        cause=cause,
        number=number,
        metadata=metadata_of(state.placed),
    )


def _comment(state: OrderPaymentState, intent: PaymentIntent, number: int, amount: Money, cause: Cause) -> Effect:
    about = f"refund/{intent.id}{f'/{number}' if number > 1 else ''}"
    comment = f"Stripe refunded {amount} of {intent.id}, since {WORDS[cause]}."
    return AddComment(order=state.order, about=about, comment=comment)


def _refused(state: OrderPaymentState, intent: PaymentIntent, due: Money, answer: RefundAnswer) -> list[Effect]:
    code = answer.code or "unknown"
    comment = f"Stripe refused to refund {due} of {intent.id} ({code}): somebody has to give this money back."
    data = RefundFailedV1.model_validate(
        about_order(state, due) | {"outcome": "refused", "code": code, "payment_intent": intent.id}
    )
    return [
        AddComment(order=state.order, about=f"refund_refused/{intent.id}", comment=comment),
        publish(state, data, f"payment/{intent.id}"),
    ]
