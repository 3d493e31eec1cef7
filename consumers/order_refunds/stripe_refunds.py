"""Has Magento make credit memos for refunds that were made in Stripe: in the dashboard, or by another tool."""

from collections.abc import Iterator

from consumers.order_payment.books import is_booked
from consumers.order_payment.state import OrderPaymentState
from consumers.order_refunds.creditmemos import Links
from consumers.order_refunds.lines import AMOUNT, Lines, lines_of
from consumers.order_refunds.outstanding import HELD, Outstanding
from consumers.order_refunds.remainder import Remainder
from consumers.order_refunds.report import report
from schemas.ids import RefundId
from schemas.stripe.payment_intent import PaymentIntent
from schemas.stripe.refund import Refund
from sidecar.effects.dismiss_refund import DismissRefund
from sidecar.effects.effect import Effect
from sidecar.effects.record_refund import RecordRefund, RefundRecorded
from sidecar.effects.refund_payment import returns_a_payment
from sidecar.ports.magento import StripeRefund
from sidecar.ports.records import KnownRefund

NOT_INVOICED = "not_invoiced"
RETURNED = frozenset(("order_canceled", "paid_twice"))
"""Why the sidecar itself gave a payment back."""
WHY = {
    NOT_INVOICED: "Magento has no invoice for this payment",
    "order_canceled": "the order is cancelled",
    "not_payable": "the order takes no refund in its state",
    "not_refundable": "Magento has nothing left to refund of this order, or never invoiced it",
    "lines_differ": "Magento comes to another sum",
    HELD: "its amount fits several lines of the order. Please make one by hand, offline",
}


def record_refunds(state: OrderPaymentState, links: Links) -> list[Effect]:
    """What Magento has yet to be told of, refund by refund in the order of their creation."""
    outstanding = Outstanding(state, links)
    left = _remainder(state, links)
    effects: list[Effect] = []
    for known, intent in _unlinked(state, links):
        refund = known.refund
        creditmemo = outstanding.take(known)
        if creditmemo is not None:
            effects += report(state, refund, creditmemo)
        elif known.dismissed is not None:
            continue
        elif not is_booked(state, intent):
            # Of a payment that was one too many, came too late or was not the order's amount, nothing was invoiced.
            effects.append(_dismiss(state, refund, NOT_INVOICED))
        else:
            lines = lines_of(refund.money.to_decimal(), left)
            if lines is None and state.policy.on_ambiguous_refund == "manual":
                effects.append(_dismiss(state, refund, HELD))
                continue
            told = _told(state, refund, intent, lines or AMOUNT)
            left = left.after_told(told)
            effects += _record(state, refund, told)
    return effects


def recorded(state: OrderPaymentState, refund: RefundId) -> RefundRecorded | None:
    """What Magento answered last when it was told of a refund; None while it was not."""
    for instead in (True, False):
        result = state.results.get(_key(state, refund, instead=instead))
        if result is not None:
            return RefundRecorded.model_validate_json(result)
    return None


def _unlinked(state: OrderPaymentState, links: Links) -> Iterator[tuple[KnownRefund, PaymentIntent]]:
    """Refunds that stand, are nobody's yet, and were not made by the sidecar to give a payment back.

    One that waits for the shopper (`requires_action`) may come to nothing: it is told once it is on its way.
    """
    intents = {intent.id: intent for intent in state.succeeded}
    for known in state.refunds:
        refund = known.refund
        intent = intents.get(refund.payment_intent) if refund.payment_intent else None
        if intent is None or refund not in state.refunds_of(intent) or refund.status not in {"pending", "succeeded"}:
            continue
        if refund.id in links or known.dismissed in RETURNED or returns_a_payment(refund, state.stripe):
            continue
        yield known, intent


def _remainder(state: OrderPaymentState, links: Links) -> Remainder:
    """What is left of the order after its memos, those included whose event has not come yet."""
    left = Remainder.of(state.placed)
    known = {each.memo.creditmemo_id for each in state.creditmemos}
    for each in state.creditmemos:
        left = left.after(each.memo)
    views = {each.refund.id: each.refund for each in state.refunds}
    for refund, creditmemo in sorted(links.items()):
        if creditmemo in known:
            continue
        answer = recorded(state, refund)
        if answer is not None and answer.answer.outcome == "applied":
            left = left.after_told(answer.told)
        elif refund in views:
            left = left.after_amount(views[refund].money.to_decimal())
    return left


def _record(state: OrderPaymentState, refund: Refund, told: StripeRefund) -> list[Effect]:
    """Tell Magento; where the lines come to another sum there, as an amount."""
    first = state.results.get(_key(state, refund.id, instead=False))
    if first is None:
        return [RecordRefund(order=state.order, refund=told)]
    outcome = RefundRecorded.model_validate_json(first).answer.outcome
    if outcome == "lines_differ":
        second = state.results.get(_key(state, refund.id, instead=True))
        if second is None:
            plain = told.model_copy(update={"lines": "amount", "items": (), "shipping_amount": None})
            return [RecordRefund(order=state.order, refund=plain, instead=True)]
        outcome = RefundRecorded.model_validate_json(second).answer.outcome
    return [_dismiss(state, refund, outcome)]


def _key(state: OrderPaymentState, refund: RefundId, *, instead: bool) -> str:
    nothing = {"amount": "0", "currency": "", "status": "succeeded", "lines": "amount", "payment_intent_id": ""}
    told = StripeRefund.model_validate({"stripe": state.stripe, "refund_id": refund, **nothing})
    return RecordRefund(order=state.order, refund=told, instead=instead).key


def _told(state: OrderPaymentState, refund: Refund, intent: PaymentIntent, lines: Lines) -> StripeRefund:
    returns_goods = lines.kind != "amount" and state.policy.refunds_return_stock
    return StripeRefund(
        stripe=state.stripe,
        payment_intent_id=intent.id,
        refund_id=refund.id,
        charge_id=refund.charge,
        amount=refund.money.to_decimal(),
        currency=refund.money.currency,
        status="pending" if refund.status == "pending" else "succeeded",
        reason=refund.reason,
        lines=lines.kind,
        items=lines.items,
        shipping_amount=lines.shipping,
        back_to_stock=True if returns_goods else None,
    )


def _dismiss(state: OrderPaymentState, refund: Refund, reason: str) -> DismissRefund:
    comment = (
        f"Stripe gave back {refund.money} ({refund.id}). There is no credit memo for it: {WHY.get(reason, reason)}."
    )
    return DismissRefund(order=state.order, stripe=state.stripe, refund=refund.id, reason=reason, comment=comment)
