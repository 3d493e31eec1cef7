"""No effect stays half done."""

from collections.abc import Iterator

from sidecar.invariants.drift import Finding
from sidecar.invariants.view import OrderView


def check(view: OrderView) -> Iterator[Finding]:
    """Effects that were written down and never closed."""
    for key, state in sorted(view.record.effects.items()):
        if state != "done":
            yield Finding(f"the effect {key} is {state}")
