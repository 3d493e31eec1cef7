"""The demo's orders: what each shopper buys, how they pay, and what has to become of it."""

# One line an order reads as the programme it is.
# ruff: noqa: E501

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from schemas.ids import PaymentMethodId
from schemas.magento.order_snapshot import PAYMENT_METHOD_CODE, Payment
from sidecar.sandbox.magento.snapshot import Line, PlaceOrder

Expected = Literal["paid", "failed", "pending"]
Act = Literal["nothing", "pay_page", "authenticate", "fail_authentication_then_pay_page", "confirm_headless", "capture"]
RETURN_URL = "http://127.0.0.1/checkout/success"


@dataclass(frozen=True, slots=True)
class GiveBack:
    """Money that goes back after the order was paid.

    Attributes:
        by: a credit memo in Magento's admin, or a refund in Stripe's dashboard.
        qty: how many of the order's one line; with a credit memo that gives back all, null.
        shipping: what of the shipping, null for all; of a credit memo.
        adjustment: given back on top; of a credit memo.
        cents: in the currency's smallest unit; of a refund in the dashboard.
        bank: what the bank makes of it, where it takes its time.
    """

    by: Literal["credit memo", "dashboard"]
    qty: int | None = 0
    shipping: str | None = "0"
    adjustment: str = "0"
    cents: int = 0
    bank: Literal["takes it", "fails it"] = "takes it"

    @property
    def becomes(self) -> Literal["refunded", "open"]:
        """How its credit memo has to end."""
        return "refunded" if self.bank == "takes it" else "open"


@dataclass(frozen=True, slots=True)
class Part:
    """One order of the demo.

    Attributes:
        title: what it shows.
        order: what is placed.
        act: what the shopper, or the merchant in Stripe's dashboard, does afterwards.
        becomes: how it has to end.
        refunds: what goes back of it once it is paid, one after the other.
    """

    title: str
    order: PlaceOrder
    act: Act = "nothing"
    becomes: Expected = "paid"
    refunds: tuple[GiveBack, ...] = ()


ONE_PIECE = GiveBack("credit memo", qty=1)
EVERYTHING = GiveBack("credit memo", qty=None, shipping=None)


def _payment(
    method: str | None = None, *, back: bool = False, off_session: bool = False, save: bool = False
) -> Payment:
    return Payment(
        method=PAYMENT_METHOD_CODE,
        payment_method=PaymentMethodId(method) if method else None,
        return_url=RETURN_URL if back else None,
        off_session=off_session,
        save_card=save,
    )


def _order(
    payment: Payment,
    price: str = "19.99",
    *,
    qty: int = 2,
    shipping: str = "5.00",
    currency: str = "USD",
    rate: str = "1",
    customer: int | None = None,
    discount: str = "0",
    tax: str = "0",
    store: str = "default",
    held: bool = False,
    copies: int = 1,
) -> PlaceOrder:
    return PlaceOrder(
        store_code=store,
        currency=currency,
        rate=Decimal(rate),
        lines=(Line(price=Decimal(price), qty=qty),),
        shipping=Decimal(shipping),
        discount=Decimal(discount),
        tax=Decimal(tax),
        customer_id=customer,
        email="grace@example.com" if customer is None else f"customer{customer}@example.com",
        payment=payment,
        held=held,
        copies=copies,
    )


def cast() -> list[Part]:
    """Twenty-five orders."""
    visa = _payment("pm_card_visa")
    return [
        Part("card, guest", _order(visa), refunds=(ONE_PIECE,)),
        Part("card, account", _order(visa, customer=7), refunds=(ONE_PIECE, ONE_PIECE)),
        Part("card, the same account again", _order(_payment("pm_card_mastercard", save=True), "64.50", customer=7), refunds=(GiveBack("dashboard", cents=6450),)),
        Part("card, order event twice", _order(visa, "12.49", copies=2)),
        Part("card, order event five times", _order(visa, "7.50", qty=3, copies=5)),
        Part("card, order event held back", _order(visa, "33.00", held=True)),
        Part("card, tax and discount", _order(_payment("pm_card_amex"), "120.00", tax="22.80", discount="15.00"), refunds=(GiveBack("dashboard", cents=12390),)),
        Part("card, off session", _order(_payment("pm_card_pendingRefund", off_session=True), "9.99", customer=8), refunds=(GiveBack("credit memo", qty=1, bank="fails it"),)),
        Part("EUR on a USD base", _order(visa, "49.90", currency="EUR", rate="0.9200"), refunds=(EVERYTHING,)),
        Part("JPY, no decimals", _order(visa, "1480", shipping="500", currency="JPY", rate="150.2500"), refunds=(GiveBack("dashboard", cents=333), ONE_PIECE)),
        Part("JPY, account", _order(_payment("pm_card_jcb"), "12000", shipping="0", currency="JPY", rate="150.25", customer=9)),
        Part("KWD, three decimals", _order(visa, "10.250", shipping="1.500", currency="KWD", rate="0.3070"), refunds=(GiveBack("credit memo", shipping="1.500", adjustment="0.250"),)),
        Part("insufficient funds, then another card", _order(_payment("pm_card_visa_chargeDeclinedInsufficientFunds")), "pay_page"),
        Part("expired card, then another card", _order(_payment("pm_card_chargeDeclinedExpiredCard"), customer=10), "pay_page"),
        Part("declined, then another card", _order(_payment("pm_card_visa_chargeDeclined"), "250.00", qty=1), "pay_page"),
        Part("stolen card, never again", _order(_payment("pm_card_visa_chargeDeclinedStolenCard")), "nothing", "failed"),
        Part("3-D Secure, passed", _order(_payment("pm_card_threeDSecure2Required", back=True), "88.00"), "authenticate"),
        Part("3-D Secure, account", _order(_payment("pm_card_threeDSecure2Required", back=True), "15.00", customer=11), "authenticate"),
        Part("3-D Secure, failed, then another card", _order(_payment("pm_card_threeDSecure2Required", back=True)), "fail_authentication_then_pay_page"),
        Part("off session, bank wants the shopper", _order(_payment("pm_card_authenticationRequired", off_session=True), customer=12), "pay_page"),
        Part("hosted page, guest", _order(_payment()), "pay_page", refunds=(GiveBack("dashboard", cents=4498),)),
        Part("headless front, client secret", _order(_payment(), "41.00", customer=13), "confirm_headless"),
        Part("manual capture", _order(visa, "700.00", qty=1, store="wholesale"), "capture"),
        Part("zero total", _order(_payment(), "20.00", qty=1, shipping="0", discount="20.00")),
        Part("hosted page, never paid", _order(_payment(), "5.00"), "nothing", "pending"),
    ]  # fmt: skip
