"""A postal address as Stripe keeps it, the same on every object that has one."""

from schemas.contract import Frozen


class StripeAddress(Frozen):
    """An address (docs.stripe.com/api/customers/object).

    Attributes:
        state: the state's or province's name or code, as it was given.
        country: ISO 3166-1 alpha-2.
    """

    line1: str | None = None
    line2: str | None = None
    city: str | None = None
    state: str | None = None
    postal_code: str | None = None
    country: str | None = None
