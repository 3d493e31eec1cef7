"""Places and cancels orders, with the outbox row in the same transaction, as the module does."""

import secrets
from datetime import UTC, datetime

from schemas.ids import Instance, MagentoOrderId
from schemas.magento.order_canceled_v1 import OrderCanceledV1
from schemas.magento.order_placed_v1 import OrderPlacedV1
from schemas.magento.store import Store
from sidecar.sandbox.magento.config import MagentoSandboxConfig
from sidecar.sandbox.magento.database import Row, Session
from sidecar.sandbox.magento.errors import MagentoError
from sidecar.sandbox.magento.outbox import Outbox
from sidecar.sandbox.magento.snapshot import PlaceOrder, increment_id_of, snapshot

UNCANCELABLE = frozenset(("canceled", "complete", "closed", "holded", "payment_review"))
"""States in which `Order::canCancel` says no; so it does once all items are invoiced."""


async def place(session: Session, wanted: PlaceOrder, config: MagentoSandboxConfig, outbox: Outbox) -> OrderPlacedV1:
    """Insert the order's rows and its event.

    Raises:
        MagentoError: there is no such store.
    """
    store = config.stores.get(wanted.store_code)
    if store is None:
        raise MagentoError(400, "The store view code %1 is unknown.", [wanted.store_code])
    order_id = MagentoOrderId(await session.insert("sales_order", {"store_id": store.store_id, "status": "pending"}))
    order = snapshot(wanted, Instance(config.instance), store, order_id)
    await session.update("sales_order", "entity_id", order_id, _order_row(order, store))
    items = []
    for item in order.items:
        item_id = await session.insert(
            "sales_order_item",
            {
                "order_id": order_id,
                "store_id": store.store_id,
                "product_id": item.item_id,
                "product_type": "simple",
                "sku": item.sku,
                "name": item.name,
                "qty_ordered": item.qty_ordered,
                "price": item.price,
                "base_price": item.base_price,
                "original_price": item.price,
                "base_original_price": item.base_price,
                "tax_amount": item.tax_amount,
                "base_tax_amount": item.base_tax_amount,
                "discount_amount": item.discount_amount,
                "base_discount_amount": item.base_discount_amount,
                "row_total": item.row_total,
                "base_row_total": item.base_row_total,
            },
        )
        items.append(item.model_copy(update={"item_id": item_id}))
        await reserve(session, item.sku, -item.qty_ordered, "order_placed", order_id)
    order = order.model_copy(update={"items": tuple(items)})
    await _insert_addresses(session, order)
    await session.insert(
        "sales_order_payment",
        {
            "parent_id": order_id,
            "method": order.payment.method,
            "amount_ordered": order.totals.grand_total,
            "base_amount_ordered": order.base_totals.grand_total,
            "shipping_amount": order.totals.shipping_amount,
            "base_shipping_amount": order.base_totals.shipping_amount,
            "additional_information": '{"method_title":"Stripe"}',
        },
    )
    await session.insert("sales_order_grid", _grid_row(order, store))
    await outbox.add(
        session, OrderPlacedV1.TYPE, f"order-placed-{order_id}", order, held=wanted.held, copies=wanted.copies
    )
    return order


async def cancel(session: Session, row: Row, config: MagentoSandboxConfig, outbox: Outbox, reason: str) -> bool:
    """Cancel the order as core does: stock back, totals cancelled; False when it cannot be cancelled (any more).

    Core's `OrderService::cancel` answers `false` then, and no error.
    """
    if row["state"] in UNCANCELABLE or row["total_invoiced"] is not None:
        return False
    order_id = MagentoOrderId(row["entity_id"])
    await change(
        session,
        row,
        {
            "state": "canceled",
            "status": "canceled",
            "total_canceled": row["grand_total"],
            "base_total_canceled": row["base_grand_total"],
        },
    )
    for item in await session.rows("SELECT * FROM sales_order_item WHERE order_id = %s", order_id):
        await session.update("sales_order_item", "item_id", item["item_id"], {"qty_canceled": item["qty_ordered"]})
        await reserve(session, item["sku"], item["qty_ordered"], "order_canceled", order_id)
    store = store_of(row, config)
    event = OrderCanceledV1(
        instance=Instance(config.instance),
        store=store,
        order_id=order_id,
        increment_id=increment_id_of(store, order_id),
        canceled_at=datetime.now(UTC),
        reason=reason,
    )
    times = await session.row(
        "SELECT COUNT(*) AS n FROM sidecar_outbox WHERE event_id LIKE %s", f"order-canceled-{order_id}-%"
    )
    number = (times["n"] if times else 0) + 1
    await outbox.add(session, OrderCanceledV1.TYPE, f"order-canceled-{order_id}-{number}", event)
    return True


async def change(session: Session, row: Row, changes: Row) -> None:
    """Change the order's row, and the grid's with it."""
    await session.update("sales_order", "entity_id", row["entity_id"], changes)
    shared = {
        name: value
        for name, value in changes.items()
        if name in {"status", "total_paid", "base_total_paid", "total_refunded"}
    }
    if shared:
        await session.update("sales_order_grid", "entity_id", row["entity_id"], shared)
    row.update(changes)


async def reserve(session: Session, sku: str, quantity: object, event: str, order_id: int) -> None:
    """One row of the stock's reservations."""
    metadata = f'{{"event_type":"{event}","object_type":"order","object_id":"{order_id}"}}'
    await session.insert(
        "inventory_reservation", {"stock_id": 1, "sku": sku, "quantity": quantity, "metadata": metadata}
    )


def store_of(row: Row, config: MagentoSandboxConfig) -> Store:
    """The store view that an order belongs to."""
    return next(store for store in config.stores.values() if store.store_id == row["store_id"])


def _order_row(order: OrderPlacedV1, store: Store) -> Row:
    totals, base = order.totals, order.base_totals
    return {
        "state": order.state,
        "status": order.status,
        "protect_code": secrets.token_hex(16),
        "increment_id": order.increment_id,
        "quote_id": order.quote_id,
        "customer_id": order.buyer.customer_id,
        "customer_is_guest": int(order.buyer.customer_id is None),
        "customer_group_id": order.buyer.group_id,
        "customer_email": order.buyer.email,
        "customer_firstname": order.buyer.firstname,
        "customer_lastname": order.buyer.lastname,
        "store_name": f"Main Website\nMain Website Store\n{store.store_code}",
        "order_currency_code": totals.currency,
        "base_currency_code": base.currency,
        "global_currency_code": base.currency,
        "store_currency_code": base.currency,
        "base_to_global_rate": 1,
        "base_to_order_rate": order.base_to_order_rate,
        "store_to_base_rate": 0,
        "store_to_order_rate": 0,
        "is_virtual": 0,
        "remote_ip": "127.0.0.1",
        "shipping_method": "flatrate_flatrate",
        "shipping_description": order.shipping_description,
        "total_item_count": len(order.items),
        "total_qty_ordered": sum(item.qty_ordered for item in order.items),
        "weight": 0,
        "created_at": order.placed_at.replace(tzinfo=None),
        "grand_total": totals.grand_total,
        "subtotal": totals.subtotal,
        "shipping_amount": totals.shipping_amount,
        "tax_amount": totals.tax_amount,
        "discount_amount": totals.discount_amount,
        "total_due": totals.total_due,
        "base_grand_total": base.grand_total,
        "base_subtotal": base.subtotal,
        "base_shipping_amount": base.shipping_amount,
        "base_tax_amount": base.tax_amount,
        "base_discount_amount": base.discount_amount,
        "base_total_due": base.total_due,
    }


def _grid_row(order: OrderPlacedV1, store: Store) -> Row:
    return {
        "entity_id": order.order_id,
        "increment_id": order.increment_id,
        "status": order.status,
        "store_id": store.store_id,
        "customer_id": order.buyer.customer_id,
        "customer_email": order.buyer.email,
        "customer_name": order.buyer.full_name,
        "billing_name": order.billing_address.full_name,
        "grand_total": order.totals.grand_total,
        "base_grand_total": order.base_totals.grand_total,
        "order_currency_code": order.totals.currency,
        "base_currency_code": order.base_totals.currency,
        "payment_method": order.payment.method,
        "created_at": order.placed_at.replace(tzinfo=None),
    }


async def _insert_addresses(session: Session, order: OrderPlacedV1) -> None:
    address = order.billing_address
    for kind in ("shipping", "billing"):
        address_id = await session.insert(
            "sales_order_address",
            {
                "parent_id": order.order_id,
                "address_type": kind,
                "firstname": address.firstname,
                "lastname": address.lastname,
                "street": "\n".join(address.street),
                "city": address.city,
                "region": address.region,
                "region_id": 61,
                "postcode": address.postcode,
                "country_id": address.country_id,
                "telephone": address.telephone,
                "email": order.buyer.email,
            },
        )
        await session.update("sales_order", "entity_id", order.order_id, {f"{kind}_address_id": address_id})
