"""What Stripe received for an order, Magento has on its books."""

from collections.abc import Iterator

from sidecar.invariants.drift import Finding
from sidecar.invariants.view import OPEN, OrderView


def check(view: OrderView) -> Iterator[Finding]:
    """A payment that came for an order that still waits in Magento, and was not given back."""
    seen = view.magento
    if seen is None or seen.total_paid or seen.state not in OPEN | {"holded"}:
        return
    for intent in view.paid:
        if view.kept(intent) > 0:
            yield Finding(
                f"Stripe received {intent.received} by {intent.id}, and Magento's order is unpaid ({seen.state})",
                disproved=frozenset({"RecordCapture", "RecordAuthorization"}),
            )
            return
