"""What effects on the Stripe Customer of an account have in common."""

from collections.abc import Sequence
from datetime import datetime

from typing_extensions import override

from schemas.ids import CustomerId
from sidecar.effects.customer_effect import CustomerEffect
from sidecar.effects.stripe_effect import StripeEffect
from sidecar.errors import NotFoundError, RefusedError
from sidecar.ports.facts import CustomerGone, Fact


class LinkedCustomerEffect(CustomerEffect, StripeEffect):
    """An effect on the Stripe Customer that an account is linked to. One that is not there is told to the store.

    Attributes:
        stripe_customer: which one.
    """

    stripe_customer: CustomerId

    @override
    def learns(self, error: RefusedError, at: datetime) -> Sequence[Fact]:
        if isinstance(error, NotFoundError):
            return (CustomerGone(self.stripe, self.stripe_customer, at),)
        return ()
