"""What Magento has on its books as paid, Stripe received."""

from collections.abc import Iterator

from schemas.money import Money
from sidecar.invariants.drift import Finding
from sidecar.invariants.view import OrderView


def check(view: OrderView) -> Iterator[Finding]:
    """An order that is paid in Magento, with another sum in Stripe or none."""
    booked = view.total_paid
    if not view.is_ours or booked is None or booked.minor_units == 0:
        return
    received = sum(intent.amount_received for intent in view.paid if intent.currency.upper() == booked.currency)
    if received == booked.minor_units:
        return
    extra = sum(view.kept(intent) for intent in view.paid)
    if received > booked.minor_units and extra <= booked.minor_units:
        return  # paid twice, and what was too much went back
    in_stripe = Money(minor_units=received, currency=booked.currency)
    yield Finding(
        f"Magento has {booked} on its books, and Stripe received {in_stripe}",
        remedy="settle" if received > booked.minor_units else "person",
    )
