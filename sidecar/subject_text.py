"""Reads the written form of an order or a customer: in logs, in headers and on the command line."""

from schemas.ids import CustomerRef, Instance, MagentoCustomerId, MagentoOrderId, OrderRef, Subject

_ORDER_PARTS = 2
_CUSTOMER_PARTS = 3


def subject_from(text: str) -> Subject:
    """`shop/42` is an order, `shop/customer/7` a customer: what `str` made of them.

    Raises:
        ValueError: it is neither.
    """
    parts = text.split("/")
    if parts[-1].isascii() and parts[-1].isdigit():
        number = int(parts[-1])
        if len(parts) == _ORDER_PARTS:
            return OrderRef(instance=Instance(parts[0]), order_id=MagentoOrderId(number))
        if len(parts) == _CUSTOMER_PARTS and parts[1] == "customer":
            return CustomerRef(instance=Instance(parts[0]), customer_id=MagentoCustomerId(number))
    raise ValueError(f"{text!r} is neither an order (instance/entity_id) nor a customer (instance/customer/entity_id)")
