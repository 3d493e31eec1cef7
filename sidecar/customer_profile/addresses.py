"""Magento's addresses as Stripe has them, and back."""

from schemas.magento.address import Address
from schemas.stripe.address import StripeAddress


def stripe_address(address: Address) -> StripeAddress:
    """An address; what Magento does not know stays null. Streets of more than two lines are joined in the second."""
    first, rest = address.street[:1], address.street[1:]
    return StripeAddress(
        line1=(first[0] if first else None) or None,
        line2=", ".join(line for line in rest if line) or None,
        city=address.city or None,
        state=address.region_code or address.region or None,
        postal_code=address.postcode or None,
        country=address.country_id,
    )


def magento_address(stripe: StripeAddress, before: Address) -> Address:
    """The address in Magento after Stripe's was changed: person, company and telephone stay as they are.

    Street lines and the region stay as well where Stripe's say the same in its own form.
    """
    was = stripe_address(before)
    street = before.street
    if (stripe.line1, stripe.line2) != (was.line1, was.line2):
        street = tuple(line for line in (stripe.line1, stripe.line2) if line)
    region = {"region": before.region, "region_code": before.region_code}
    if (stripe.state, stripe.country) != (was.state, was.country):
        # A name or a code: Magento's directory tells which, when it is written.
        region = {"region": stripe.state, "region_code": None}
    return before.model_copy(
        update={
            "street": street,
            "city": stripe.city,
            "postcode": stripe.postal_code,
            "country_id": (stripe.country or before.country_id).upper(),
            **region,
        },
    )
