"""A tax number of a Stripe Customer (docs.stripe.com/api/tax_ids/object)."""

from typing import Literal

from schemas.contract import Frozen


class TaxId(Frozen):
    """A tax number.

    Attributes:
        type: what kind it is, for example `eu_vat`.
        value: as it was given; Stripe checks its form only.
    """

    object: Literal["tax_id"] = "tax_id"
    id: str
    type: str
    value: str
