"""Builds orders whose sums are right in any currency."""

from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Annotated

from pydantic import Field

from schemas.contract import CurrencyCode, ExactDecimal, Frozen
from schemas.ids import Instance, MagentoOrderId
from schemas.magento.address import Address
from schemas.magento.order_placed_v1 import Buyer, OrderPlacedV1, Payment
from schemas.magento.store import Store
from schemas.magento.totals import Item, Totals
from schemas.money import EXPONENTS


class Line(Frozen):
    """One product in the cart; `price` is for one, in order currency."""

    sku: str = "TEE-RED-M"
    name: str = "Tee-Red-M"
    qty: Annotated[int, Field(ge=1)] = 1
    price: ExactDecimal


class PlaceOrder(Frozen):
    """What a shopper puts into the checkout. Amounts are in order currency.

    Attributes:
        rate: order currency per base currency.
        customer_id: null for a guest.
        held: keep the order's event back until it is released.
        copies: how often its event is published.
    """

    store_code: str = "default"
    currency: CurrencyCode = "USD"
    base_currency: CurrencyCode = "USD"
    rate: ExactDecimal = Decimal(1)
    lines: tuple[Line, ...]
    shipping: ExactDecimal = Decimal(0)
    tax: ExactDecimal = Decimal(0)
    discount: ExactDecimal = Decimal(0)
    customer_id: int | None = None
    email: str = "grace@example.com"
    firstname: str = "Grace"
    lastname: str = "Hopper"
    locale: str | None = "en_US"
    payment: Payment
    held: bool = False
    copies: Annotated[int, Field(ge=1, le=10)] = 1


def increment_id_of(store: Store, order_id: MagentoOrderId) -> str:
    """Magento's number: nine digits, behind the store's id from the second store on."""
    return f"{order_id:09d}" if store.store_id == 1 else f"{store.store_id}{order_id:09d}"


def snapshot(wanted: PlaceOrder, instance: Instance, store: Store, order_id: MagentoOrderId) -> OrderPlacedV1:
    """The order as its event tells it."""
    subtotal = sum((line.price * line.qty for line in wanted.lines), Decimal(0))
    grand_total = subtotal + wanted.shipping + wanted.tax - wanted.discount
    address = Address(
        firstname=wanted.firstname,
        lastname=wanted.lastname,
        street=("1 Navy Way",),
        city="Arlington",
        region="Virginia",
        region_code="VA",
        postcode="22201",
        country_id="US",
        telephone="5550100",
    )

    def base(amount: Decimal) -> Decimal:
        unit = Decimal(1).scaleb(-EXPONENTS.get(wanted.base_currency, 2))
        return (amount / wanted.rate).quantize(unit, ROUND_HALF_UP)

    parts = {
        "subtotal": subtotal,
        "shipping_amount": wanted.shipping,
        "tax_amount": wanted.tax,
        "discount_amount": -wanted.discount,
    }
    base_parts = {name: base(amount) for name, amount in parts.items()}
    base_total = sum(base_parts.values(), Decimal(0))
    return OrderPlacedV1(
        instance=instance,
        store=store,
        order_id=order_id,
        increment_id=increment_id_of(store, order_id),
        quote_id=order_id,
        placed_at=datetime.now(UTC),
        state="pending_payment" if grand_total else "new",
        status="pending_payment" if grand_total else "pending",
        base_to_order_rate=wanted.rate,
        totals=Totals(currency=wanted.currency, grand_total=grand_total, total_due=grand_total, **parts),
        base_totals=Totals(currency=wanted.base_currency, grand_total=base_total, total_due=base_total, **base_parts),
        items=tuple(
            Item(
                item_id=number,
                sku=line.sku,
                name=line.name,
                qty_ordered=Decimal(line.qty),
                price=line.price,
                row_total=line.price * line.qty,
                tax_amount=Decimal(0),
                discount_amount=Decimal(0),
                base_price=base(line.price),
                base_row_total=base(line.price * line.qty),
            )
            for number, line in enumerate(wanted.lines, 1)
        ),
        billing_address=address,
        shipping_address=address,
        shipping_description="Flat Rate - Fixed",
        buyer=Buyer(
            customer_id=wanted.customer_id,
            email=wanted.email,
            firstname=wanted.firstname,
            lastname=wanted.lastname,
            locale=wanted.locale,
        ),
        payment=wanted.payment,
    )
