"""Money that went back of an order that Magento has invoiced stands on a credit memo."""

from collections.abc import Iterator

from sidecar.effects.refund_payment import returns_a_payment
from sidecar.invariants.drift import Finding
from sidecar.invariants.view import OrderView


def check(view: OrderView) -> Iterator[Finding]:
    """A refund that has neither a credit memo nor a recorded reason to have none."""
    if not view.is_ours or not view.booked:
        return
    on_memos = {memo.transaction_id for memo in view.memos}
    known = {each.refund.id: each for each in view.record.refunds}
    for refund in view.refunds:
        account = view.accounts.get(refund.payment_intent) if refund.payment_intent else None
        dismissed = refund.id in known and known[refund.id].dismissed is not None
        if account is not None and returns_a_payment(refund, account):
            continue  # a payment that the order never needed: Magento has it on no invoice
        if refund.is_live and refund.id not in view.record.refund_links and not dismissed:
            where = "whose credit memo the sidecar does not know" if refund.id in on_memos else "without a credit memo"
            yield Finding(f"{refund.money} of {refund.payment_intent} went back by {refund.id} {where}")
