"""What to do next about what goes back of one order: pure, and the same whatever has just happened.

It is asked once nothing more is due for the order's payment (`consumers.order_payment.decide`).
"""

from consumers.order_payment.state import OrderPaymentState
from consumers.order_refunds.conclude import conclude
from consumers.order_refunds.creditmemos import Links, refund_creditmemos
from consumers.order_refunds.links import links_of
from consumers.order_refunds.report import report
from consumers.order_refunds.stripe_refunds import record_refunds, recorded
from schemas.stripe.refund import Refund
from sidecar.effects.effect import Effect


def decide_refunds(state: OrderPaymentState) -> list[Effect]:
    """The effects that are due now, in order; nothing when every refund and every credit memo has its counterpart."""
    links = links_of(state)
    plan = [
        *_tell_creditmemos(state, links),
        *refund_creditmemos(state, links),
        *record_refunds(state, links),
        *conclude(state, links),
    ]
    return [effect for effect in plan if effect.key not in state.results]


def _tell_creditmemos(state: OrderPaymentState, links: Links) -> list[Effect]:
    effects: list[Effect] = []
    for known in state.refunds:
        creditmemo = links.get(known.refund.id)
        if creditmemo is not None and not _was_made_so(state, known.refund):
            effects += report(state, known.refund, creditmemo)
    return effects


def _was_made_so(state: OrderPaymentState, refund: Refund) -> bool:
    """Whether the memo was made from the refund as it still is: then there is no news for it."""
    record = recorded(state, refund.id)
    return record is not None and record.answer.outcome == "applied" and record.told.status == refund.status
