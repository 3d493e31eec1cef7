"""Orders and intents for tests, with only what a test cares about spelled out."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from consumers.order_payment.state import OrderPaymentState
from schemas.ids import (
    AccountAlias,
    ChargeId,
    CheckoutSessionId,
    CustomerId,
    Instance,
    MagentoCreditmemoId,
    MagentoOrderId,
    OrderRef,
    PaymentIntentId,
    PaymentMethodId,
    RefundId,
    StripeRef,
)
from schemas.magento.address import Address
from schemas.magento.order_placed_v1 import OrderPlacedV1
from schemas.magento.order_snapshot import PAYMENT_METHOD_CODE, Buyer, Payment
from schemas.magento.store import Store
from schemas.magento.totals import Item, Totals
from schemas.money import Money
from schemas.stripe.charge import CardDetails, Charge, Outcome, PaymentMethodDetails
from schemas.stripe.checkout_session import CheckoutSession
from schemas.stripe.payment_intent import PaymentIntent
from sidecar.policy import StorePolicy
from sidecar.ports.records import KnownCreditmemo, KnownRefund

STRIPE = StripeRef(account=AccountAlias("main"), mode="test")
ORDER = OrderRef(instance=Instance("shop"), order_id=MagentoOrderId(42))
PLACED_AT = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def an_order(
    *,
    order_id: int = 42,
    total: str = "87.48",
    currency: str = "USD",
    payment_method: str | None = None,
    customer_id: int | None = None,
    method: str = PAYMENT_METHOD_CODE,
    off_session: bool = False,
    return_url: str | None = None,
    store_code: str = "default",
) -> OrderPlacedV1:
    amount = Decimal(total)
    totals = Totals(
        currency=currency,
        grand_total=amount,
        subtotal=amount,
        shipping_amount=Decimal(0),
        tax_amount=Decimal(0),
        discount_amount=Decimal(0),
        total_due=amount,
    )
    address = Address(
        firstname="Grace",
        lastname="Hopper",
        street=("1 Navy Way",),
        city="Arlington",
        region="Virginia",
        region_code="VA",
        postcode="22201",
        country_id="US",
        telephone="5550100",
    )
    return OrderPlacedV1(
        instance=ORDER.instance,
        store=Store(store_id=1, store_code=store_code, website_id=1, website_code="base"),
        order_id=MagentoOrderId(order_id),
        increment_id=f"{order_id:09d}",
        placed_at=PLACED_AT,
        state="new",
        status="pending_payment",
        base_to_order_rate=Decimal(1),
        totals=totals,
        base_totals=totals,
        items=(
            Item(
                item_id=1,
                sku="TEE-RED-M",
                name="Tee",
                qty_ordered=Decimal(1),
                price=amount,
                row_total=amount,
                tax_amount=Decimal(0),
                discount_amount=Decimal(0),
                base_price=amount,
                base_row_total=amount,
            ),
        ),
        billing_address=address,
        shipping_address=address,
        buyer=Buyer(customer_id=customer_id, email="grace@example.com", firstname="Grace", lastname="Hopper"),
        payment=Payment(
            method=method,
            payment_method=PaymentMethodId(payment_method) if payment_method else None,
            off_session=off_session,
            return_url=return_url,
        ),
    )


def an_intent(number: int = 1, status: str = "requires_payment_method", **fields: Any) -> PaymentIntent:
    charge = Charge(
        id=ChargeId(f"ch_{number}"),
        status="succeeded",
        amount=8748,
        currency="usd",
        payment_method_details=PaymentMethodDetails(type="card", card=CardDetails(brand="visa", last4="4242")),
        outcome=Outcome(risk_level="normal", risk_score=12),
    )
    paid = status in {"succeeded", "requires_capture"}
    known: dict[str, Any] = {
        "id": PaymentIntentId(f"pi_{number}"),
        "status": status,
        "amount": 8748,
        "amount_received": 8748 if status == "succeeded" else 0,
        "amount_capturable": 8748 if status == "requires_capture" else 0,
        "currency": "usd",
        "created": 1_795_000_000 + number,
        "livemode": False,
        "latest_charge": charge if paid else None,
    }
    return PaymentIntent.model_validate(known | fields)


def a_session(number: int = 1, status: str = "open", **fields: Any) -> CheckoutSession:
    known: dict[str, Any] = {
        "id": CheckoutSessionId(f"cs_{number}"),
        "status": status,
        "url": f"https://checkout.example/{number}",
        "expires_at": 1_795_086_400,
        "livemode": False,
    }
    return CheckoutSession.model_validate(known | fields)


def a_state(
    placed: OrderPlacedV1 | None = None,
    *,
    intents: tuple[PaymentIntent, ...] = (),
    sessions: tuple[CheckoutSession, ...] = (),
    canceled: bool = False,
    window_closed: bool = False,
    customer: str | None = "cus_1",
    customer_number: int = 1,
    results: dict[str, str] | None = None,
    attempted: frozenset[str] = frozenset(),
    creditmemos: tuple[KnownCreditmemo, ...] = (),
    refunds: tuple[KnownRefund, ...] = (),
    refund_links: dict[RefundId, MagentoCreditmemoId] | None = None,
    **policy: Any,
) -> OrderPaymentState:
    placed = placed or an_order()
    done = results or {}
    return OrderPaymentState(
        order=placed.ref,
        placed=placed,
        policy=StorePolicy(stripe=STRIPE, **policy),
        stripe=STRIPE,
        expected=_expected(placed),
        canceled=canceled,
        window_closed=window_closed,
        customer=CustomerId(customer) if customer else None,
        customer_number=customer_number,
        intents=intents,
        sessions=sessions,
        attempted=attempted | frozenset(done),
        results=done,
        creditmemos=creditmemos,
        refunds=refunds,
        refund_links=refund_links or {},
    )


def _expected(placed: OrderPlacedV1) -> Money:
    totals = placed.totals
    if not totals.total_due:
        return Money(minor_units=0, currency=totals.currency)
    return Money.from_decimal(totals.total_due, totals.currency)
