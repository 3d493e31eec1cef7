"""What payments have in common that are made for a buyer's Stripe Customer."""

from collections.abc import Sequence
from datetime import datetime

from schemas.ids import CustomerId, StripeRef
from sidecar.errors import RefusedError
from sidecar.ports.facts import CustomerGone, Fact


def customer_gone(stripe: StripeRef, customer: CustomerId | None, error: RefusedError, at: datetime) -> Sequence[Fact]:
    """That the customer is not there, where this is why Stripe refused (`resource_missing`, parameter `customer`).

    It was deleted, or the link came with a database out of another account or mode.
    """
    if customer is not None and error.code == "resource_missing" and error.field == "customer":
        return (CustomerGone(stripe, customer, at),)
    return ()
