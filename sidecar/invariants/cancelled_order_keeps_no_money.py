"""An order that Magento cancelled keeps no money, unless its store's policy says so."""

from collections.abc import Iterator

from sidecar.invariants.drift import Finding
from sidecar.invariants.view import OrderView


def check(view: OrderView) -> Iterator[Finding]:
    """Money of a cancelled order that was not given back."""
    seen, policy = view.magento, view.policy
    if seen is None or seen.state != "canceled":
        return
    if seen.total_paid and policy is not None and policy.on_cancel_of_paid_order == "keep":
        return
    for intent in view.paid:
        if view.kept(intent) > 0:
            yield Finding(f"the order is cancelled, and Stripe keeps the money of {intent.id}")
