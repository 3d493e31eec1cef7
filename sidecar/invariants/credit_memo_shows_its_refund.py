"""A credit memo whose money has gone back is not open any more."""

from collections.abc import Iterator

from sidecar.invariants.drift import Finding
from sidecar.invariants.view import OrderView


def check(view: OrderView) -> Iterator[Finding]:
    """A memo that is open in Magento although every refund of it came through."""
    if not view.is_ours:
        return
    for memo in view.memos:
        linked = [refund for refund in view.refunds if view.record.refund_links.get(refund.id) == memo.creditmemo_id]
        if memo.state == "open" and linked and all(refund.status == "succeeded" for refund in linked):
            yield Finding(
                f"credit memo {memo.creditmemo_id} is open, and its money went back",
                disproved=frozenset({"RecordCreditmemoRefund", "RecordRefund"}),
            )
