"""An order that Magento cancelled has nothing left that could still be paid."""

from collections.abc import Iterator

from schemas.stripe.payment_intent import FINAL
from sidecar.effects.stripe_effect import EFFECT_KEY
from sidecar.invariants.drift import Finding
from sidecar.invariants.view import OrderView


def check(view: OrderView) -> Iterator[Finding]:
    """An intent, or a page, of a cancelled order that somebody could still pay."""
    if view.magento is None or view.magento.state != "canceled":
        return
    for intent in view.intents:
        # An intent that a hosted page made goes with its page, unless its money is reserved.
        by_page = ":checkout_session:" in intent.metadata.get(EFFECT_KEY, "")
        if intent.status not in FINAL | {"processing"} and (not by_page or intent.status == "requires_capture"):
            yield Finding(f"the order is cancelled, and {intent.id} can still be paid")
    for session in view.record.sessions:
        if session.status == "open" and view.record.canceled_at is None:
            yield Finding(f"the order is cancelled, and the page {session.id} is open")
