"""Credit memos whose money is still owed, and the refund that a person then made for one by hand."""

from collections.abc import Iterator

from consumers.order_payment.state import OrderPaymentState
from consumers.order_refunds.creditmemos import Links, unallocated
from schemas.ids import MagentoCreditmemoId
from schemas.magento.order_snapshot import PAYMENT_METHOD_CODE
from schemas.money import Money, MoneyError
from schemas.stripe.refund import Refund
from sidecar.ports.records import KnownCreditmemo, KnownRefund

HELD = "held"
"""Why a refund has no memo: its amount fits several lines, and the merchant wants to choose."""


class Outstanding:
    """What is owed on the order's memos. Each memo is taken at most once for each amount that is owed on it."""

    def __init__(self, state: OrderPaymentState, links: Links) -> None:
        self._owed = dict(_owed(state, links))
        self._by_hand = {
            known.memo.creditmemo_id: known.memo
            for known in state.creditmemos
            if known.memo.offline and known.memo.creditmemo_id not in links.values()
        }

    def take(self, known: KnownRefund) -> MagentoCreditmemoId | None:
        """The memo that a refund settles, to the last cent: one that Stripe refused or whose refund failed.

        A refund that was held takes the offline memo that somebody has made for it since.
        """
        refund = known.refund
        for creditmemo, owed in self._owed.items():
            if owed == refund.money:
                del self._owed[creditmemo]
                return creditmemo
        if known.dismissed == HELD:
            return self._made_by_hand(refund)
        return None

    def _made_by_hand(self, refund: Refund) -> MagentoCreditmemoId | None:
        for creditmemo, memo in self._by_hand.items():
            fits = memo.payment_method == PAYMENT_METHOD_CODE and memo.totals.currency == refund.money.currency
            later = memo.created_at.timestamp() >= refund.created
            if fits and later and memo.totals.grand_total == refund.money.to_decimal():
                del self._by_hand[creditmemo]
                return creditmemo
        return None


def _owed(state: OrderPaymentState, links: Links) -> Iterator[tuple[MagentoCreditmemoId, Money]]:
    live = {known.refund.id: known.refund.amount for known in state.refunds if known.refund.is_live}
    for known in state.creditmemos:
        memo = known.memo
        total = _total(known)
        theirs = [refund for refund, linked in links.items() if linked == memo.creditmemo_id]
        if total is None or memo.payment_method != PAYMENT_METHOD_CODE or (memo.offline and not theirs):
            continue
        owed = total.minor_units - sum(live.get(refund, 0) for refund in theirs)
        unseen = {refund for refund in theirs if all(each.refund.id != refund for each in state.refunds)}
        if owed > 0 and not unseen and not unallocated(state, known, links).minor_units:
            yield memo.creditmemo_id, Money(minor_units=owed, currency=total.currency)


def _total(known: KnownCreditmemo) -> Money | None:
    totals = known.memo.totals
    try:
        return Money.from_decimal(totals.grand_total, totals.currency)
    except MoneyError:
        return None
