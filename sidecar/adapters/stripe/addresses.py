"""Magento's addresses as Stripe takes them."""

from typing import TYPE_CHECKING, NotRequired, TypedDict

from schemas.magento.address import Address
from schemas.stripe.address import StripeAddress
from sidecar.customer_profile.addresses import stripe_address
from sidecar.ports.payments import Shipping

if TYPE_CHECKING:
    from stripe.params import PaymentIntentCreateParamsShipping


class AddressParams(TypedDict):
    """The form that every address in the API has, under many names in the SDK's types."""

    line1: NotRequired[str]
    line2: NotRequired[str]
    city: NotRequired[str]
    state: NotRequired[str]
    postal_code: NotRequired[str]
    country: NotRequired[str]


def address_of(address: Address) -> AddressParams:
    """An address of Magento's; what it does not know is left out."""
    return address_params(stripe_address(address))


def address_params(address: StripeAddress, *, unset: bool = False) -> AddressParams:
    """An address of Stripe's own form.

    Args:
        address: what is to be sent.
        unset: send what is null as empty, since Stripe keeps each line of an address that an update leaves out.
    """
    mapped: AddressParams = {}
    if unset or address.line1:
        mapped["line1"] = address.line1 or ""
    if unset or address.line2:
        mapped["line2"] = address.line2 or ""
    if unset or address.city:
        mapped["city"] = address.city or ""
    if unset or address.state:
        mapped["state"] = address.state or ""
    if unset or address.postal_code:
        mapped["postal_code"] = address.postal_code or ""
    if unset or address.country:
        mapped["country"] = address.country or ""
    return mapped


def shipping_of(shipping: Shipping) -> "PaymentIntentCreateParamsShipping":
    """Name, telephone and address of who receives the goods."""
    mapped: PaymentIntentCreateParamsShipping = {"name": shipping.name, "address": address_of(shipping.address)}
    if shipping.phone:
        mapped["phone"] = shipping.phone
    return mapped
