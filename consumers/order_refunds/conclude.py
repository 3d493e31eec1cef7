"""Tells the systems behind the shop what went back, and what did not."""

from collections.abc import Iterator

from consumers.order_payment.reflect import about_order, publish
from consumers.order_payment.state import OrderPaymentState
from consumers.order_refunds.creditmemos import Links
from consumers.order_refunds.failures import code_of, words_of
from consumers.order_refunds.links import made_for_a_creditmemo
from consumers.order_refunds.outstanding import HELD
from consumers.order_refunds.stripe_refunds import RETURNED
from schemas.commerce.payment_events import PaymentHeldV1, PaymentRefundedV1
from schemas.commerce.refund_failed_v1 import RefundFailedV1
from schemas.money import Money, MoneyError
from schemas.stripe.payment_intent import PaymentIntent
from schemas.stripe.refund import Refund
from sidecar.effects.add_comment import AddComment
from sidecar.effects.effect import Effect
from sidecar.effects.publish_event import PublishEvent
from sidecar.ports.records import KnownRefund


def conclude(state: OrderPaymentState, links: Links) -> list[Effect]:
    """An event for each refund whose place is known, when it came through and when it failed; and for each refusal."""
    effects: list[Effect] = []
    for known, intent in _of_the_order(state):
        refund = known.refund
        went_back = _refunded(state, known, intent, links)
        settled = refund.id in state.refund_links or known.dismissed is not None
        if known.dismissed == HELD:
            effects.append(_held(state, refund, intent))
        if refund.status == "succeeded" and settled:
            effects.append(went_back)
        elif not refund.is_live and (settled or went_back.key in state.results):
            effects += _failed(state, known, intent, links)
    return effects + list(_refused(state))


def _of_the_order(state: OrderPaymentState) -> Iterator[tuple[KnownRefund, PaymentIntent]]:
    for intent in state.succeeded:
        theirs = state.refunds_of(intent)
        yield from ((known, intent) for known in state.refunds if known.refund in theirs)


def _refunded(state: OrderPaymentState, known: KnownRefund, intent: PaymentIntent, links: Links) -> PublishEvent:
    refund = known.refund
    reason = known.dismissed if known.dismissed in RETURNED else _by_whom(refund)
    data = about_order(state, refund.money) | {
        "payment_intent": intent.id,
        "refund": refund.id,
        "reason": reason,
        "creditmemo_id": links.get(refund.id),
    }
    return publish(state, PaymentRefundedV1.model_validate(data), refund.id)


def _held(state: OrderPaymentState, refund: Refund, intent: PaymentIntent) -> PublishEvent:
    reason = "the refund's amount fits several lines of the order"
    data = about_order(state, refund.money) | {"payment_intent": intent.id, "reason": reason}
    return publish(state, PaymentHeldV1.model_validate(data), refund.id)


def _by_whom(refund: Refund) -> str:
    return "credit_memo" if made_for_a_creditmemo(refund) else "stripe"


def _failed(state: OrderPaymentState, known: KnownRefund, intent: PaymentIntent, links: Links) -> list[Effect]:
    """A memo says it itself; without one, the order's history does."""
    refund = known.refund
    creditmemo = links.get(refund.id)
    data = about_order(state, refund.money) | {
        "outcome": refund.status,
        "code": code_of(refund),
        "payment_intent": intent.id,
        "refund": refund.id,
        "creditmemo_id": creditmemo,
    }
    event = publish(state, RefundFailedV1.model_validate(data), refund.id)
    if creditmemo is not None:
        return [event]
    comment = (
        f"The refund {refund.id} of {refund.money} {refund.status}: {words_of(refund)} The money is with the shop."
    )
    return [AddComment(order=state.order, about=f"refund_failed/{refund.id}", comment=comment), event]


def _refused(state: OrderPaymentState) -> Iterator[Effect]:
    for known in state.creditmemos:
        if known.refused is None:
            continue
        memo = known.memo
        try:
            amount = Money.from_decimal(memo.totals.grand_total, memo.totals.currency)
        except MoneyError:
            continue  # it cannot be told in Stripe's units; the memo says it
        data = about_order(state, amount) | {
            "outcome": "refused",
            "code": known.refused,
            "creditmemo_id": memo.creditmemo_id,
        }
        yield publish(state, RefundFailedV1.model_validate(data), f"creditmemo/{memo.creditmemo_id}")
