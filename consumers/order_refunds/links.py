"""Which refund is the money of which credit memo: told by identity, never by amount or time."""

from collections.abc import Mapping

from consumers.order_payment.state import OrderPaymentState
from schemas.ids import MagentoCreditmemoId, RefundId
from schemas.stripe.refund import Refund
from sidecar.effects.refund_creditmemo import CREDITMEMO_ID
from sidecar.effects.stripe_effect import EFFECT_KEY
from sidecar.stripe_metadata import INSTANCE, ORDER_ID


def links_of(state: OrderPaymentState) -> Mapping[RefundId, MagentoCreditmemoId]:
    """The credit memo of each refund that has one.

    The store's own link counts before what the memo says, and that before what the refund's metadata say. Each of the
    three is enough: an event may come before its effect is closed, and a store may have to be filled anew.
    """
    links: dict[RefundId, MagentoCreditmemoId] = {}
    for known in state.refunds:
        memo = _named_by(known.refund, state)
        if memo is not None:
            links[known.refund.id] = memo
    for creditmemo in state.creditmemos:
        if creditmemo.memo.stripe_refund is not None:
            links[creditmemo.memo.stripe_refund] = creditmemo.memo.creditmemo_id
    return links | dict(state.refund_links)


def made_for_a_creditmemo(refund: Refund) -> bool:
    """Whether the sidecar made the refund, for a memo that Magento had made."""
    return ":creditmemo:" in (refund.metadata or {}).get(EFFECT_KEY, "")


def _named_by(refund: Refund, state: OrderPaymentState) -> MagentoCreditmemoId | None:
    """The memo in the refund's metadata: ours for certain, a person's if the memo is one of this order."""
    metadata = refund.metadata or {}
    text = metadata.get(CREDITMEMO_ID, "")
    ours = {INSTANCE: state.order.instance, ORDER_ID: str(state.order.order_id)}
    if any(metadata.get(name, expected) != expected for name, expected in ours.items()):
        return None
    if not text.isascii() or not text.isdigit():
        return None
    memo = MagentoCreditmemoId(int(text))
    known = any(each.memo.creditmemo_id == memo for each in state.creditmemos)
    return memo if known or made_for_a_creditmemo(refund) else None
