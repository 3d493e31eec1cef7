"""Give back money that the shop cannot keep."""

from consumers.order_payment.state import OrderPaymentState
from schemas.stripe.payment_intent import PaymentIntent
from sidecar.effects.add_comment import AddComment
from sidecar.effects.effect import Effect
from sidecar.effects.refund_payment import RefundPayment
from sidecar.stripe_metadata import metadata_of


def refund(state: OrderPaymentState, intent: PaymentIntent, cause: str) -> RefundPayment:
    """The effect that gives one payment back; its key tells whether that has been done."""
    return RefundPayment(
        order=state.order,
        stripe=state.stripe,
        payment_intent=intent.id,
        amount=intent.received,
        cause=cause,
        metadata=metadata_of(state.placed),
    )


def give_back(state: OrderPaymentState, intent: PaymentIntent, cause: str) -> list[Effect]:
    """Refund one payment in full and say so in the order's history."""
    words = {
        "order_canceled": "the order had been cancelled",
        "paid_twice": "the order had been paid already",
    }[cause]
    comment = f"Stripe refunded {intent.received} of {intent.id}, since {words}."
    return [
        refund(state, intent, cause),
        AddComment(order=state.order, about=f"refund/{intent.id}", comment=comment),
    ]
