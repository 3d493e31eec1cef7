"""What is reserved in Stripe for an order, Magento knows of."""

from collections.abc import Iterator

from sidecar.invariants.drift import Finding
from sidecar.invariants.view import OPEN, OrderView


def check(view: OrderView) -> Iterator[Finding]:
    """A reserved payment whose order still waits in Magento."""
    seen = view.magento
    if seen is None or seen.state not in OPEN or view.paid:
        return
    for intent in view.authorized[:1]:
        yield Finding(
            f"Stripe has {intent.total} reserved by {intent.id}, and Magento's order waits ({seen.state})",
            disproved=frozenset({"RecordAuthorization"}),
        )
