"""A Stripe Customer as a profile."""

from schemas.stripe.address import StripeAddress
from schemas.stripe.customer import Customer, CustomerShipping
from sidecar.customer_profile.profile import Profile

LABELS = frozenset(
    ("magento_instance", "magento_customer_id", "magento_group_id", "magento_website", "magento_taxvat"),
)
"""The metadata that says who a Stripe Customer is in Magento. Other keys are other people's."""


def profile_of_stripe(customer: Customer) -> Profile:
    """What Stripe has, with one word for nothing."""
    shipping = customer.shipping
    if shipping is not None:
        shipping = CustomerShipping(
            name=shipping.name or None, phone=shipping.phone or None, address=_address(shipping.address)
        )
    return Profile(
        email=customer.email or None,
        name=customer.name or None,
        phone=customer.phone or None,
        address=_address(customer.address),
        shipping=None if shipping == CustomerShipping() else shipping,
        preferred_locales=customer.preferred_locales,
        tax_exempt=customer.tax_exempt or None,
        business_name=customer.business_name or None,
        metadata={key: value for key, value in customer.metadata.items() if key in LABELS},
    )


def _address(address: StripeAddress | None) -> StripeAddress | None:
    if address is None:
        return None
    lines = {name: value or None for name, value in address.model_dump().items()}
    return StripeAddress.model_validate(lines) if any(lines.values()) else None
