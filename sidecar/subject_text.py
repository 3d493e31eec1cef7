"""Reads the written form of a subject: in logs, in headers and on the command line."""

from typing import Final

from schemas.ids import (
    AccountAlias,
    CustomerId,
    CustomerRef,
    Instance,
    MagentoCustomerId,
    MagentoOrderId,
    OrderRef,
    StripeCustomerRef,
    StripeRef,
    Subject,
)

FORMS: Final = "an order (shop/42), a customer (shop/customer/7) or a customer of Stripe's (main/live/cus_123)"


def subject_from(text: str) -> Subject:
    """The subject of which `str` made the text.

    Raises:
        ValueError: it is none.
    """
    match text.split("/"):
        case [instance, order] if _is_number(order):
            return OrderRef(instance=Instance(instance), order_id=MagentoOrderId(int(order)))
        case [instance, "customer", customer] if _is_number(customer):
            return CustomerRef(instance=Instance(instance), customer_id=MagentoCustomerId(int(customer)))
        case [account, ("test" | "live") as mode, customer] if customer.startswith("cus_"):
            stripe = StripeRef(account=AccountAlias(account), mode="live" if mode == "live" else "test")
            return StripeCustomerRef(stripe=stripe, customer=CustomerId(customer))
    raise ValueError(f"{text!r} is not {FORMS}")


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit()
