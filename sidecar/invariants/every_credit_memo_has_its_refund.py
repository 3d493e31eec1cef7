"""The money of a credit memo went back, to the minor unit, or the memo says why it did not."""

from collections.abc import Iterator
from decimal import Decimal

from schemas.money import Money, MoneyError
from sidecar.invariants.drift import Finding
from sidecar.invariants.view import OrderView
from sidecar.ports.magento_books import BookedMemo


def check(view: OrderView) -> Iterator[Finding]:
    """A memo that the sidecar has not heard of, or whose refunds are less or more than it."""
    if not view.is_ours:
        return
    known = {each.memo.creditmemo_id: each for each in view.record.creditmemos}
    for memo in view.memos:
        heard = known.get(memo.creditmemo_id)
        if heard is None:
            yield Finding(f"Magento has credit memo {memo.creditmemo_id}, the sidecar does not", remedy="republish")
        elif not heard.memo.offline and heard.refused is None:
            yield from _compared(view, memo)


def _compared(view: OrderView, memo: BookedMemo) -> Iterator[Finding]:
    wanted = _money(memo.grand_total, memo.currency)
    if wanted is None or wanted.minor_units <= 0:
        return
    linked = [refund for refund in view.refunds if view.record.refund_links.get(refund.id) == memo.creditmemo_id]
    if any(not refund.is_live for refund in linked):
        return  # it failed, and the memo is open again: a person's to decide
    given = sum(refund.amount for refund in linked)
    if given != wanted.minor_units:
        in_stripe = Money(minor_units=given, currency=wanted.currency)
        yield Finding(
            f"credit memo {memo.creditmemo_id} is over {wanted}, and {in_stripe} went back for it",
            remedy="settle" if given < wanted.minor_units else "person",
        )


def _money(amount: Decimal, currency: str) -> Money | None:
    try:
        return Money.from_decimal(amount, currency)
    except MoneyError:
        return None
