"""Credit memos, put on their order's books as core does, with the event in the same transaction."""

from datetime import UTC, datetime
from decimal import Decimal

from schemas.magento.creditmemo_created_v1 import CreditmemoCreatedV1
from sidecar.sandbox.magento.creditmemo_draft import ZERO, Drawn, DrawnLine
from sidecar.sandbox.magento.creditmemo_event import creditmemo_event
from sidecar.sandbox.magento.database import Row, Session
from sidecar.sandbox.magento.errors import MagentoError
from sidecar.sandbox.magento.placing import change, reserve, store_of
from sidecar.sandbox.magento.shop import Shop
from sidecar.sandbox.magento.snapshot import increment_id_of

OPEN, REFUNDED, CANCELED = 1, 2, 3
"""`sales_creditmemo.state`."""
STATES = {OPEN: "open", REFUNDED: "refunded", CANCELED: "canceled"}
NOT_REFUNDABLE = "Creditmemo Document Validation Error(s):\nThe most money available to refund is %1."
NO_CREDITMEMO = "Creditmemo Document Validation Error(s):\nWe can't create creditmemo for the order."


def refundable(order: Row) -> Decimal:
    """How much of what was paid has not been given back, in order currency."""
    return Decimal(order["total_paid"] or 0) - Decimal(order["total_refunded"] or 0)


async def place_creditmemo(
    session: Session,
    order: Row,
    drawn: Drawn,
    shop: Shop,
    *,
    state: int | None = None,
    stripe_refund: str | None = None,
    held: bool = False,
    copies: int = 1,
) -> Row:
    """Put a memo on the order's books, with its event in the same transaction; gives the memo's row.

    Raises:
        MagentoError: nothing was invoiced, or less is left to give back.
    """
    if order["total_invoiced"] is None or order["state"] in {"canceled", "closed"}:
        raise MagentoError(400, NO_CREDITMEMO)
    if drawn.grand_total < 0 or drawn.grand_total > refundable(order):
        raise MagentoError(400, NOT_REFUNDABLE, [str(refundable(order))])
    settled = drawn.offline or not drawn.grand_total  # there is no money to wait for
    heading = {"state": state or (REFUNDED if settled else OPEN), "transaction_id": stripe_refund}
    row = await _insert(session, order, drawn, heading | _numbers(order), shop)
    for line in drawn.lines:
        await _return(session, line, back_to_stock=drawn.back_to_stock, order_id=order["entity_id"])
    await _book(session, order, drawn)
    event = await creditmemo_event(session, order, row, drawn, shop.config)
    await shop.outbox.add(
        session,
        CreditmemoCreatedV1.TYPE,
        f"creditmemo-created-{row['entity_id']}",
        event,
        subject=f"creditmemo/{row['entity_id']}",
        held=held,
        copies=copies,
    )
    return row


def _numbers(order: Row) -> Row:
    shared = ("store_id", "base_to_order_rate", "base_to_global_rate", "store_to_base_rate", "store_to_order_rate")
    currencies = tuple(f"{kind}_currency_code" for kind in ("order", "base", "global", "store"))
    addresses = ("billing_address_id", "shipping_address_id")
    now = datetime.now(UTC).replace(tzinfo=None, microsecond=0)
    row: Row = {name: order[name] for name in shared + currencies + addresses}
    return row | {"order_id": order["entity_id"], "created_at": now}


async def _insert(session: Session, order: Row, drawn: Drawn, heading: Row, shop: Shop) -> Row:
    row = heading | _totals(drawn)
    number = await session.insert("sales_creditmemo", row)
    increment_id = increment_id_of(store_of(order, shop.config), number)
    await session.update("sales_creditmemo", "entity_id", number, {"increment_id": increment_id})
    for line in drawn.lines:
        await session.insert("sales_creditmemo_item", _item_row(number, line))
    await session.insert(
        "sales_creditmemo_grid",
        {
            "entity_id": number,
            "increment_id": increment_id,
            "order_id": order["entity_id"],
            "order_increment_id": order["increment_id"],
            "customer_name": f"{order['customer_firstname']} {order['customer_lastname']}",
            "customer_email": order["customer_email"],
            "state": row["state"],
            "order_status": order["status"],
            "store_id": order["store_id"],
            "base_grand_total": drawn.base_grand_total,
            "subtotal": drawn.goods.row_total,
            "shipping_and_handling": drawn.shipping.row_total,
            "adjustment_positive": drawn.adjustment_positive,
            "adjustment_negative": drawn.adjustment_negative,
            "order_base_grand_total": order["base_grand_total"],
            "created_at": row["created_at"],
        },
    )
    return row | {"entity_id": number, "increment_id": increment_id}


def _totals(drawn: Drawn) -> Row:
    row: Row = {}
    for prefix, goods, shipping in (
        ("", drawn.goods, drawn.shipping),
        ("base_", drawn.base_goods, drawn.base_shipping),
    ):
        positive = drawn.base_adjustment_positive if prefix else drawn.adjustment_positive
        negative = drawn.base_adjustment_negative if prefix else drawn.adjustment_negative
        row |= {
            f"{prefix}grand_total": drawn.base_grand_total if prefix else drawn.grand_total,
            f"{prefix}subtotal": goods.row_total,
            f"{prefix}subtotal_incl_tax": goods.row_total + goods.tax,
            f"{prefix}shipping_amount": shipping.row_total,
            f"{prefix}shipping_incl_tax": shipping.row_total + shipping.tax,
            f"{prefix}shipping_tax_amount": shipping.tax,
            f"{prefix}tax_amount": goods.tax + shipping.tax,
            f"{prefix}discount_amount": -(goods.discount + shipping.discount),
            f"{prefix}adjustment_positive": positive,
            f"{prefix}adjustment_negative": negative,
            f"{prefix}adjustment": positive - negative,
            f"{prefix}discount_tax_compensation_amount": ZERO,
        }
    return row


def _item_row(number: int, line: DrawnLine) -> Row:
    item, sums, base = line.item, line.sums, line.base_sums
    return {
        "parent_id": number,
        "order_item_id": item["item_id"],
        "product_id": item["product_id"],
        "sku": item["sku"],
        "name": item["name"],
        "qty": line.qty,
        "price": item["price"],
        "base_price": item["base_price"],
        "price_incl_tax": item["price"],
        "base_price_incl_tax": item["base_price"],
        "row_total": sums.row_total,
        "base_row_total": base.row_total,
        "row_total_incl_tax": sums.row_total + sums.tax,
        "base_row_total_incl_tax": base.row_total + base.tax,
        "tax_amount": sums.tax,
        "base_tax_amount": base.tax,
        "discount_amount": sums.discount,
        "base_discount_amount": base.discount,
        "discount_tax_compensation_amount": ZERO,
        "base_discount_tax_compensation_amount": ZERO,
        "weee_tax_applied": "[]",
        "weee_tax_applied_row_amount": ZERO,
        "weee_tax_row_disposition": ZERO,
        "base_weee_tax_row_disposition": ZERO,
    }


async def _return(session: Session, line: DrawnLine, *, back_to_stock: bool, order_id: int) -> None:
    item = line.item
    changes = {"qty_refunded": Decimal(item["qty_refunded"]) + line.qty}
    for prefix, sums in (("", line.sums), ("base_", line.base_sums)):
        changes |= {
            f"{prefix}amount_refunded": Decimal(item[f"{prefix}amount_refunded"]) + sums.row_total,
            f"{prefix}tax_refunded": Decimal(item[f"{prefix}tax_refunded"] or 0) + sums.tax,
            f"{prefix}discount_refunded": Decimal(item[f"{prefix}discount_refunded"] or 0) + sums.discount,
        }
    await session.update("sales_order_item", "item_id", item["item_id"], changes)
    if back_to_stock and line.qty:
        await reserve(session, item["sku"], line.qty, "creditmemo_created", order_id)


async def _book(session: Session, order: Row, drawn: Drawn) -> None:
    kind = "offline" if drawn.offline else "online"
    added: dict[str, Decimal] = {}
    for prefix, goods, shipping, total in (
        ("", drawn.goods, drawn.shipping, drawn.grand_total),
        ("base_", drawn.base_goods, drawn.base_shipping, drawn.base_grand_total),
    ):
        added |= {
            f"{prefix}total_refunded": total,
            f"{prefix}total_{kind}_refunded": total,
            f"{prefix}subtotal_refunded": goods.row_total,
            f"{prefix}shipping_refunded": shipping.row_total,
            f"{prefix}tax_refunded": goods.tax + shipping.tax,
            f"{prefix}discount_refunded": goods.discount + shipping.discount,
        }
    added |= {
        "adjustment_positive": drawn.adjustment_positive,
        "adjustment_negative": drawn.adjustment_negative,
        "base_adjustment_positive": drawn.base_adjustment_positive,
        "base_adjustment_negative": drawn.base_adjustment_negative,
    }
    changes: Row = {name: Decimal(order[name] or 0) + amount for name, amount in added.items()}
    await change(session, order, changes | await _state(session, order, changes["total_refunded"]))
    await session.run(
        "UPDATE sales_order_payment SET amount_refunded = COALESCE(amount_refunded, 0) + %s,"
        " base_amount_refunded = COALESCE(base_amount_refunded, 0) + %s WHERE parent_id = %s",
        drawn.grand_total,
        drawn.base_grand_total,
        order["entity_id"],
    )
    await session.insert(
        "sales_order_status_history",
        {
            "parent_id": order["entity_id"],
            "comment": f"We refunded {drawn.grand_total} {order['order_currency_code']} {kind}.",
            "status": order["status"],
            "is_customer_notified": 0,
            "is_visible_on_front": 0,
            "entity_name": "creditmemo",
        },
    )


async def _state(session: Session, order: Row, refunded: Decimal) -> Row:
    """Core's rule: closed when all money is back; complete when all goods are and some money is not."""
    if order["state"] not in {"processing", "complete"}:
        return {}
    if refunded == order["total_paid"]:
        return {"state": "closed", "status": "closed"}
    left = await session.row(
        "SELECT COUNT(*) AS n FROM sales_order_item WHERE order_id = %s AND qty_ordered > qty_refunded + qty_shipped",
        order["entity_id"],
    )
    return {} if left and left["n"] else {"state": "complete", "status": "complete"}
