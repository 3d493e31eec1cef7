"""Magento's addresses as Stripe takes them."""

from typing import NotRequired, TypedDict

from stripe.params import PaymentIntentCreateParamsShipping

from schemas.magento.address import Address
from sidecar.ports.payments import Shipping


class StripeAddress(TypedDict):
    """The form that every address in the API has, under many names in the SDK's types."""

    line1: NotRequired[str]
    line2: NotRequired[str]
    city: NotRequired[str]
    state: NotRequired[str]
    postal_code: NotRequired[str]
    country: NotRequired[str]


def address_of(address: Address) -> StripeAddress:
    """An address; what Magento does not know is left out. Streets of more than two lines are joined in the second."""
    first, rest = address.street[:1], address.street[1:]
    mapped: StripeAddress = {"country": address.country_id}
    if first and first[0]:
        mapped["line1"] = first[0]
    if any(rest):
        mapped["line2"] = ", ".join(line for line in rest if line)
    if address.city:
        mapped["city"] = address.city
    if state := address.region_code or address.region:
        mapped["state"] = state
    if address.postcode:
        mapped["postal_code"] = address.postcode
    return mapped


def shipping_of(shipping: Shipping) -> PaymentIntentCreateParamsShipping:
    """Name, telephone and address of who receives the goods."""
    mapped: PaymentIntentCreateParamsShipping = {"name": shipping.name, "address": address_of(shipping.address)}
    if shipping.phone:
        mapped["phone"] = shipping.phone
    return mapped
