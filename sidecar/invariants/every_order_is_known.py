"""Every order of Magento that is ours to pay, the sidecar has heard of."""

from collections.abc import Iterator

from sidecar.invariants.drift import Finding
from sidecar.invariants.view import OrderView


def check(view: OrderView) -> Iterator[Finding]:
    """An order whose own event never came, or a cancellation that never did."""
    seen = view.magento
    if seen is None or not view.is_ours:
        return
    if view.record.placed is None:
        yield Finding(f"Magento has the order ({seen.state}), the sidecar does not", remedy="republish")
    elif seen.state == "canceled" and view.record.canceled_at is None:
        yield Finding("Magento cancelled the order, the sidecar was not told")
