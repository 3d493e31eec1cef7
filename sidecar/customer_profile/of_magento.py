"""A customer account of Magento as a profile."""

from collections.abc import Mapping
from typing import Literal

from schemas.magento.address import Address
from schemas.magento.customer_snapshot import CustomerSnapshot
from schemas.stripe.customer import CustomerShipping
from sidecar.customer_profile.addresses import stripe_address
from sidecar.customer_profile.person_name import PersonName
from sidecar.customer_profile.profile import LONGEST_BUSINESS_NAME, LONGEST_NAME, LONGEST_PHONE, Profile, TaxExempt
from sidecar.customer_profile.tax_numbers import tax_number

Naming = Literal["person", "company"]
"""What Stripe's `name` is for an account that has a company: the person's name, or the company's."""
LONGEST_LABEL = 500
"""Characters of a value in Stripe's metadata."""


def profile_of_magento(
    customer: CustomerSnapshot, naming: Naming, tax_exempt: Mapping[int, TaxExempt] | None = None
) -> Profile:
    """What Magento has, in Stripe's form.

    Args:
        customer: the account.
        naming: what `name` is where there is a company.
        tax_exempt: by customer group; without a rule for any group, Stripe's own is left alone.
    """
    billing, shipping = customer.billing, customer.shipping
    address = billing.address if billing else None
    company = company_of(customer)
    given = customer.taxvat or (address.vat_id if address else None)
    number = tax_number(given, address.country_id if address else None)
    labels = {
        "magento_instance": customer.instance,
        "magento_customer_id": str(customer.customer_id),
        "magento_group_id": str(customer.group_id),
        "magento_website": customer.store.website_code,
    }
    if given and number is None:
        labels["magento_taxvat"] = given.strip()[:LONGEST_LABEL]
    person = name_of(customer).full
    return Profile(
        email=customer.email,
        name=(company if naming == "company" and company else person)[:LONGEST_NAME] or None,
        phone=phone_of(address) or phone_of(shipping.address if shipping else None),
        address=stripe_address(address) if address else None,
        shipping=_shipping(shipping.address) if shipping else None,
        preferred_locales=(customer.locale.replace("_", "-"),) if customer.locale else (),
        tax_exempt=tax_exempt.get(customer.group_id, "none") if tax_exempt else None,
        business_name=company[:LONGEST_BUSINESS_NAME] if company else None,
        metadata=labels,
        tax_number=number,
    )


def name_of(customer: CustomerSnapshot) -> PersonName:
    """The account's name."""
    return PersonName.model_validate(customer.model_dump(include=set(PersonName.model_fields)))


def company_of(customer: CustomerSnapshot) -> str | None:
    """The account's company, or that of its billing address."""
    billing = customer.billing
    found = customer.company or (billing.address.company if billing else None)
    return " ".join(found.split()) or None if found else None


def phone_of(address: Address | None) -> str | None:
    """The address's telephone number, unless Stripe has no room for it."""
    number = ((address.telephone if address else None) or "").strip()
    return number if 0 < len(number) <= LONGEST_PHONE else None


def _shipping(address: Address) -> CustomerShipping:
    return CustomerShipping(
        name=address.full_name[:LONGEST_NAME], phone=phone_of(address), address=stripe_address(address)
    )
