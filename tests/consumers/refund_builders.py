"""Orders of several lines, credit memos and refunds for tests."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from schemas.ids import ChargeId, MagentoCreditmemoId, PaymentIntentId, RefundId
from schemas.magento.creditmemo_created_v1 import CreditmemoCreatedV1, CreditmemoItem, CreditmemoTotals
from schemas.magento.order_placed_v1 import OrderPlacedV1
from schemas.magento.order_snapshot import PAYMENT_METHOD_CODE
from schemas.magento.totals import Item, Totals
from schemas.stripe.refund import Refund
from tests.consumers.builders import PLACED_AT

ZERO = Decimal(0)


def with_lines(
    order: OrderPlacedV1,
    lines: Sequence[tuple[str, str, int]],
    *,
    shipping: str = "0",
    taxes: Sequence[str] = (),
    discounts: Sequence[str] = (),
    currency: str | None = None,
    rate: str = "1",
    base_currency: str | None = None,
) -> OrderPlacedV1:
    """The order with these lines (SKU, price of one, quantity) instead of its own, their taxes and discounts."""
    items = tuple(
        _item(
            number,
            line,
            taxes[number - 1] if taxes else "0",
            discounts[number - 1] if discounts else "0",
            Decimal(rate),
        )
        for number, line in enumerate(lines, 1)
    )
    subtotal = sum((item.row_total for item in items), ZERO)
    tax = sum((item.tax_amount for item in items), ZERO)
    discount = sum((item.discount_amount for item in items), ZERO)
    total = subtotal + tax - discount + Decimal(shipping)
    totals = Totals(
        currency=currency or order.totals.currency,
        grand_total=total,
        subtotal=subtotal,
        shipping_amount=Decimal(shipping),
        tax_amount=tax,
        discount_amount=-discount,
        total_due=total,
        shipping_tax_amount=ZERO,
    )
    base = totals.model_copy(
        update={"currency": base_currency or totals.currency}
        | {
            name: (amount / Decimal(rate)).quantize(Decimal("0.01"))
            for name, amount in totals.model_dump(exclude={"currency", "store_credit", "gift_cards"}).items()
        }
    )
    changes = {"items": items, "totals": totals, "base_totals": base, "base_to_order_rate": Decimal(rate)}
    return order.model_copy(update=changes)


def _item(number: int, line: tuple[str, str, int], tax: str, discount: str, rate: Decimal) -> Item:
    sku, price, qty = line
    row_total = Decimal(price) * qty
    return Item(
        item_id=number,
        sku=sku,
        name=sku.title(),
        qty_ordered=Decimal(qty),
        price=Decimal(price),
        row_total=row_total,
        tax_amount=Decimal(tax),
        discount_amount=Decimal(discount),
        base_price=(Decimal(price) / rate).quantize(Decimal("0.0001")),
        base_row_total=(row_total / rate).quantize(Decimal("0.0001")),
    )


def a_refund(number: int = 1, amount: int = 1999, **fields: Any) -> Refund:
    """A refund of the first intent of `builders`, made in Stripe."""
    known: dict[str, Any] = {
        "id": RefundId(f"re_{number}"),
        "status": "succeeded",
        "amount": amount,
        "currency": "usd",
        "created": 1_795_100_000 + number,
        "charge": ChargeId("ch_1"),
        "payment_intent": PaymentIntentId("pi_1"),
        "balance_transaction": f"txn_{number}",
        "metadata": {},
    }
    return Refund.model_validate(known | fields)


def a_creditmemo(
    number: int = 1,
    total: str = "19.99",
    *,
    order: OrderPlacedV1,
    items: Sequence[tuple[int, str]] = (),
    created_at: datetime = PLACED_AT,
    **fields: Any,
) -> CreditmemoCreatedV1:
    """An online memo; of lines where there are any, which have to come to the total, else of an amount."""
    by_id = {item.item_id: item for item in order.items}
    lines = tuple(
        CreditmemoItem(
            order_item_id=item,
            sku=by_id[item].sku,
            qty=Decimal(qty),
            row_total=by_id[item].price * Decimal(qty),
            tax_amount=ZERO,
            discount_amount=ZERO,
        )
        for item, qty in items
    )
    subtotal = sum((line.row_total for line in lines), ZERO)
    totals = CreditmemoTotals(
        currency=order.totals.currency,
        grand_total=Decimal(total),
        subtotal=subtotal,
        shipping_amount=ZERO,
        tax_amount=ZERO,
        discount_amount=ZERO,
        adjustment_positive=Decimal(total) - subtotal,
        adjustment_negative=ZERO,
        store_credit=ZERO,
    )
    known: dict[str, Any] = {
        "instance": order.instance,
        "store": order.store,
        "creditmemo_id": MagentoCreditmemoId(number),
        "increment_id": f"{number:09d}",
        "order_id": order.order_id,
        "order_increment_id": order.increment_id,
        "totals": totals,
        "base_totals": totals,
        "items": lines,
        "payment_method": PAYMENT_METHOD_CODE,
        "created_at": created_at,
    }
    return CreditmemoCreatedV1.model_validate(known | fields)
