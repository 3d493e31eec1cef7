"""The JSON that goes over the wire."""

from collections.abc import Mapping
from typing import TypeAlias

JsonObject: TypeAlias = dict[str, object]
"""One object as the API sends it; built anew at each rendering, so a snapshot of it never changes."""

Address = Mapping[str, object]

ADDRESS_FIELDS = ("city", "country", "line1", "line2", "postal_code", "state")


def address_document(address: Address | None) -> JsonObject:
    """Write an address with all six fields, null where unknown (docs.stripe.com/api/charges/object)."""
    given = address or {}
    return {field: given.get(field) for field in ADDRESS_FIELDS}


def shipping_document(shipping: Mapping[str, object] | None) -> JsonObject | None:
    """Write a shipping hash with all its fields, or nothing when there is none."""
    if shipping is None:
        return None
    address = shipping.get("address")
    return {
        "address": address_document(address if isinstance(address, dict) else None),
        "carrier": shipping.get("carrier"),
        "name": shipping.get("name"),
        "phone": shipping.get("phone"),
        "tracking_number": shipping.get("tracking_number"),
    }
