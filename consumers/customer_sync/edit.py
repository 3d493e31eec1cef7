"""What Stripe says of a customer, in Magento's own words. Pure."""

from collections.abc import Callable, Collection

from schemas.magento.address import Address
from schemas.magento.customer_snapshot import CustomerAddress, CustomerSnapshot
from sidecar.customer_profile.addresses import magento_address
from sidecar.customer_profile.of_magento import name_of
from sidecar.customer_profile.person_name import split
from sidecar.customer_profile.profile import Profile, SharedField
from sidecar.ports.magento_customers import AddressEdit, CustomerEdit

SHORTEST_EMAIL, LONGEST_EMAIL = 3, 254
"""What our own contracts take."""


def can_say(snapshot: CustomerSnapshot, stripe: Profile) -> Callable[[SharedField], bool]:
    """Whether Magento's account has a place for what Stripe has in a field. It can be without none of them."""
    address = stripe.address
    known = snapshot.billing or snapshot.shipping
    sayable: dict[SharedField, bool] = {
        "email": SHORTEST_EMAIL <= len(stripe.email or "") <= LONGEST_EMAIL,
        "name": bool(stripe.name),
        "phone": bool(stripe.phone) and known is not None,
        "address": bool(address and address.line1 and address.city and (address.country or snapshot.billing)),
    }
    return sayable.__getitem__


def edit_of(snapshot: CustomerSnapshot, stripe: Profile, fields: Collection[SharedField]) -> CustomerEdit:
    """The edit that brings these fields over; `can_say` has to say yes to each of them."""
    return CustomerEdit(
        email=stripe.email if "email" in fields else None,
        name=split(stripe.name or "", name_of(snapshot)) if "name" in fields else None,
        address=_address(snapshot, stripe, fields),
    )


def _address(snapshot: CustomerSnapshot, stripe: Profile, fields: Collection[SharedField]) -> AddressEdit | None:
    """Telephone and address are in the same entry of the book.

    Where bills and goods go to the same entry, a new address for bills gets an entry of its own: Stripe has said
    nothing about the goods.
    """
    if not {"phone", "address"} & set(fields):
        return None
    entry = snapshot.billing or (snapshot.shipping if "address" not in fields else None)
    address = entry.address if entry else _blank(snapshot, stripe)
    address_id = entry.address_id if entry else None
    if "address" in fields and stripe.address is not None:
        address = magento_address(stripe.address, address)
        if entry is not None and _is_for_goods_too(entry):
            address_id = None
    if "phone" in fields:
        address = address.model_copy(update={"telephone": stripe.phone})
    return AddressEdit(address_id=address_id, address=address)


def _is_for_goods_too(entry: CustomerAddress) -> bool:
    return entry.is_default_billing and entry.is_default_shipping


def _blank(snapshot: CustomerSnapshot, stripe: Profile) -> Address:
    """An entry with the person's name and number, for a book that has none."""
    country = (stripe.address.country if stripe.address else None) or ""
    return Address(
        prefix=snapshot.prefix,
        firstname=snapshot.firstname,
        middlename=snapshot.middlename,
        lastname=snapshot.lastname,
        suffix=snapshot.suffix,
        telephone=stripe.phone,
        country_id=country.upper(),
    )
