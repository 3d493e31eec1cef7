"""Tells a credit memo what became of its money."""

from typing import Literal, cast

import orjson

from consumers.order_payment.state import OrderPaymentState
from consumers.order_refunds.failures import code_of, words_of
from schemas.ids import MagentoCreditmemoId
from schemas.stripe.refund import Refund
from sidecar.effects.add_comment import AddComment
from sidecar.effects.effect import Effect
from sidecar.effects.record_creditmemo_refund import RecordCreditmemoRefund
from sidecar.ports.magento import CreditmemoRefund

Status = Literal["pending", "requires_action", "succeeded", "failed", "canceled"]
STATUSES = frozenset(("pending", "requires_action", "succeeded", "failed", "canceled"))


def report(state: OrderPaymentState, refund: Refund, creditmemo: MagentoCreditmemoId) -> list[Effect]:
    """Say on the memo how far its refund is; and in the order's history, if Magento has it on another memo."""
    if refund.status not in STATUSES:
        return []
    effect = RecordCreditmemoRefund(
        order=state.order,
        creditmemo=creditmemo,
        refund=CreditmemoRefund(
            stripe=state.stripe,
            refund_id=refund.id,
            payment_intent_id=refund.payment_intent,
            charge_id=refund.charge,
            amount=refund.money.to_decimal(),
            currency=refund.money.currency,
            status=cast("Status", refund.status),
            code=None if refund.is_live else code_of(refund),
            message=None if refund.is_live else words_of(refund),
        ),
    )
    result = state.results.get(effect.key)
    if result is None or orjson.loads(result)["outcome"] != "linked_elsewhere":
        return [effect]
    elsewhere = orjson.loads(result)["creditmemo_increment_id"]
    comment = (
        f"The refund {refund.id} was made for the credit memo with id {creditmemo}, but stands on credit memo "
        f"{elsewhere}. One of the two is too much: please compare them with Stripe."
    )
    return [AddComment(order=state.order, about=f"linked_elsewhere/{refund.id}", comment=comment)]
