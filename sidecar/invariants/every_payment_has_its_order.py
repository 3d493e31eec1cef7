"""Every PaymentIntent that names an order belongs to one that exists, and is linked to it."""

from collections.abc import Iterator

from sidecar.invariants.drift import Finding
from sidecar.invariants.view import OrderView


def check(view: OrderView) -> Iterator[Finding]:
    """An intent of an order that Magento does not have, or that the sidecar has not linked."""
    linked = {intent.id for intent in view.record.intents}
    for intent in view.intents:
        if view.magento is None and view.kept(intent) > 0:
            yield Finding(
                f"Stripe received {intent.received} by {intent.id} for an order that Magento does not have",
                remedy="person",
            )
        elif view.magento is not None and view.record.placed is not None and intent.id not in linked:
            yield Finding(f"{intent.id} names the order and is not linked to it")
