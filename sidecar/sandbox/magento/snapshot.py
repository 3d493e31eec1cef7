"""Builds orders whose sums are right in any currency."""

from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Annotated

from pydantic import Field

from schemas.contract import CurrencyCode, ExactDecimal, Frozen, PositiveDecimal
from schemas.ids import Instance, MagentoOrderId
from schemas.magento.address import Address
from schemas.magento.order_placed_v1 import OrderPlacedV1
from schemas.magento.order_snapshot import Buyer, Payment
from schemas.magento.store import Store
from schemas.magento.totals import Item, Totals
from schemas.money import EXPONENTS
from sidecar.sandbox.magento.apportion import apportion

NotNegative = Annotated[ExactDecimal, Field(ge=0)]


class Line(Frozen):
    """One product in the cart; `price` is for one, in order currency."""

    sku: str = "TEE-RED-M"
    name: str = "Tee-Red-M"
    qty: Annotated[int, Field(ge=1)] = 1
    price: NotNegative


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
    rate: PositiveDecimal = Decimal(1)
    lines: Annotated[tuple[Line, ...], Field(min_length=1)]
    shipping: NotNegative = Decimal(0)
    tax: NotNegative = Decimal(0)
    discount: NotNegative = Decimal(0)
    customer_id: int | None = None
    email: str = "grace@example.com"
    firstname: str = "Grace"
    lastname: str = "Hopper"
    locale: str | None = "en_US"
    payment: Payment
    held: bool = False
    copies: Annotated[int, Field(ge=1, le=10)] = 1


def increment_id_of(store: Store, entity_id: int) -> str:
    """Magento's number of an order or a credit memo: nine digits, behind the store's id from the second store on."""
    return f"{entity_id:09d}" if store.store_id == 1 else f"{store.store_id}{entity_id:09d}"


def snapshot(wanted: PlaceOrder, instance: Instance, store: Store, order_id: MagentoOrderId) -> OrderPlacedV1:
    """The order as its event tells it; the lines' discounts and taxes add up to the order's."""
    address = _address(wanted)
    totals, base_totals = _totals(wanted)
    return OrderPlacedV1(
        instance=instance,
        store=store,
        order_id=order_id,
        increment_id=increment_id_of(store, order_id),
        quote_id=order_id,
        placed_at=datetime.now(UTC),
        state="pending_payment" if totals.grand_total else "new",
        status="pending_payment" if totals.grand_total else "pending",
        base_to_order_rate=wanted.rate,
        totals=totals,
        base_totals=base_totals,
        items=_items(wanted, base_totals),
        billing_address=address,
        shipping_address=address,
        shipping_description="Flat Rate - Fixed",
        buyer=Buyer(
            customer_id=wanted.customer_id,
            email=wanted.email,
            firstname=wanted.firstname,
            lastname=wanted.lastname,
            group_id=0 if wanted.customer_id is None else 1,
            locale=wanted.locale,
        ),
        payment=wanted.payment,
    )


def _totals(wanted: PlaceOrder) -> tuple[Totals, Totals]:
    """In order and in base currency. Magento converts each part and adds up, and so may differ by a cent."""
    parts = {
        "subtotal": sum((line.price * line.qty for line in wanted.lines), Decimal(0)),
        "shipping_amount": wanted.shipping,
        "tax_amount": wanted.tax,
        "discount_amount": -wanted.discount,
    }
    base_parts = {name: _base(wanted, amount) for name, amount in parts.items()}
    total, base_total = sum(parts.values(), Decimal(0)), sum(base_parts.values(), Decimal(0))
    return (
        Totals(currency=wanted.currency, grand_total=total, total_due=total, **parts),
        Totals(currency=wanted.base_currency, grand_total=base_total, total_due=base_total, **base_parts),
    )


def _items(wanted: PlaceOrder, base_totals: Totals) -> tuple[Item, ...]:
    rows = [line.price * line.qty for line in wanted.lines]
    unit, base_unit = _unit(wanted.currency), _unit(wanted.base_currency)
    # What is more than the goods is on shipping.
    discounts = apportion(min(wanted.discount, sum(rows, Decimal(0))), rows, unit)
    taxes = apportion(wanted.tax, rows, unit)
    base_discounts = apportion(min(-base_totals.discount_amount, base_totals.subtotal), rows, base_unit)
    base_taxes = apportion(base_totals.tax_amount, rows, base_unit)
    return tuple(
        Item(
            item_id=number + 1,
            sku=line.sku,
            name=line.name,
            qty_ordered=Decimal(line.qty),
            price=line.price,
            row_total=rows[number],
            tax_amount=taxes[number],
            discount_amount=discounts[number],
            base_price=_base(wanted, line.price),
            base_row_total=_base(wanted, rows[number]),
            base_tax_amount=base_taxes[number],
            base_discount_amount=base_discounts[number],
        )
        for number, line in enumerate(wanted.lines)
    )


def _base(wanted: PlaceOrder, amount: Decimal) -> Decimal:
    return (amount / wanted.rate).quantize(_unit(wanted.base_currency), ROUND_HALF_UP)


def _unit(currency: str) -> Decimal:
    return Decimal(1).scaleb(-EXPONENTS.get(currency, 2))


def _address(wanted: PlaceOrder) -> Address:
    return Address(
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
