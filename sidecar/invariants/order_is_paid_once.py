"""An order is paid once: what came a second time goes back."""

from collections.abc import Iterator

from sidecar.invariants.drift import Finding
from sidecar.invariants.view import OrderView


def check(view: OrderView) -> Iterator[Finding]:
    """More than one payment whose money the shop keeps in full."""
    whole = [intent for intent in view.paid if view.given_back(intent.id) == 0]
    if len(whole) > 1:
        yield Finding(f"the order was paid {len(whole)} times: {', '.join(each.id for each in whole)}")
