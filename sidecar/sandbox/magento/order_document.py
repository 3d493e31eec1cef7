"""`GET /V1/orders/{id}` as Magento answers it: fields without a value are left out, amounts are numbers."""

from datetime import datetime
from decimal import Decimal

import orjson

from sidecar.sandbox.magento.database import Row, Session

HIDDEN = frozenset(("shipping_method", "shipping_address_id"))


def plain(value: object) -> object:
    """As JSON has it: whole numbers without a point, times without a zone."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S")
    return value


def present(row: Row) -> Row:
    """Without what has no value."""
    return {name: plain(value) for name, value in row.items() if value is not None and name not in HIDDEN}


async def order_document(session: Session, row: Row) -> Row:
    """The whole order."""
    order_id = row["entity_id"]
    items = [
        present(item) for item in await session.rows("SELECT * FROM sales_order_item WHERE order_id = %s", order_id)
    ]
    addresses = await session.rows("SELECT * FROM sales_order_address WHERE parent_id = %s", order_id)
    by_kind = {address["address_type"]: _address(address) for address in addresses}
    payment = await session.row("SELECT * FROM sales_order_payment WHERE parent_id = %s", order_id) or {}
    information: Row = orjson.loads(payment.get("additional_information") or "{}")
    history = await session.rows(
        "SELECT * FROM sales_order_status_history WHERE parent_id = %s ORDER BY entity_id DESC", order_id
    )
    order = row | {"customer_group_id": row["customer_group_id"] or None}  # a guest's, 0, is left out as well
    document = present(order) | {
        "items": items,
        "billing_address": by_kind.get("billing"),
        "payment": _payment(payment, information),
        "status_histories": [present(line) | {"comment": line["comment"]} for line in history],
        "extension_attributes": {
            "shipping_assignments": [
                {
                    "shipping": {
                        "address": by_kind.get("shipping"),
                        "method": row["shipping_method"],
                        "total": {
                            "base_shipping_amount": plain(row["base_shipping_amount"]),
                            "shipping_amount": plain(row["shipping_amount"]),
                        },
                    },
                    "items": items,
                },
            ],
            "payment_additional_info": [
                {"key": name, "value": value if isinstance(value, str) else orjson.dumps(value).decode()}
                for name, value in information.items()
                if name != "payment_link"
            ],
            "applied_taxes": [],
            "item_applied_taxes": [],
        },
    }
    return document | {name: 0 for name in ZEROES if name not in document}


ZEROES = (
    "base_discount_tax_compensation_amount",
    "base_shipping_discount_amount",
    "base_shipping_discount_tax_compensation_amnt",
    "base_shipping_tax_amount",
    "discount_tax_compensation_amount",
    "shipping_discount_amount",
    "shipping_discount_tax_compensation_amount",
    "shipping_tax_amount",
    "base_shipping_incl_tax",
    "shipping_incl_tax",
    "base_subtotal_incl_tax",
    "subtotal_incl_tax",
    "customer_note_notify",
)
"""Amounts that the stand-in does not work out, but whose names every order has."""


def _address(address: Row) -> Row:
    return present(address) | {"street": (address["street"] or "").split("\n"), "region_code": "VA"}


def _payment(payment: Row, information: Row) -> Row:
    shown = {name: value for name, value in payment.items() if name not in {"additional_information", "cc_last_4"}}
    texts = [value for value in information.values() if isinstance(value, str)]
    return present(shown) | {
        "account_status": None,
        "cc_last4": payment.get("cc_last_4"),
        "additional_information": texts,
    }
