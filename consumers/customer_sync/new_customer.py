"""A Stripe Customer for an account that has none. Pure."""

from typing import cast

from schemas.magento.customer_snapshot import CustomerSnapshot
from sidecar.customer_profile.of_magento import phone_of
from sidecar.customer_profile.profile import LONGEST_NAME, Profile, TaxExempt
from sidecar.ports.payments import NewCustomer, Shipping


def new_customer(magento: CustomerSnapshot, profile: Profile) -> NewCustomer:
    """What the account's profile says. A tax number follows later, since Stripe may refuse it."""
    billing, shipping = magento.billing, magento.shipping
    return NewCustomer(
        name=profile.name or "",
        email=magento.email,
        phone=profile.phone,
        address=billing.address if billing else None,
        shipping=Shipping(
            name=shipping.address.full_name[:LONGEST_NAME], phone=phone_of(shipping.address), address=shipping.address
        )
        if shipping
        else None,
        preferred_locale=magento.locale,
        tax_exempt=cast("TaxExempt | None", profile.tax_exempt),  # Magento's side of it is one of ours
        business_name=profile.business_name,
        metadata=profile.metadata,
    )
