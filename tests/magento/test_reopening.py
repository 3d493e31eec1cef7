"""A cancelled order that is reopened: its amounts, its items and its stock are as they were before it was cancelled."""

from typing import Any

import pytest

from tests.magento.shop import Shop, payment

AMOUNTS = ("subtotal", "tax", "shipping", "discount", "total")
ORDER_COLUMNS = ", ".join(f"{prefix}{name}_canceled" for name in AMOUNTS for prefix in ("", "base_"))


async def canceled_amounts(shop: Shop, order: int) -> dict[str, Any]:
    """What the tables say was cancelled of an order."""
    row = await shop.row(f"SELECT {ORDER_COLUMNS} FROM sales_order WHERE entity_id = %s", order)  # noqa: S608  # our words
    items = await shop.rows(
        "SELECT qty_canceled, tax_canceled, discount_tax_compensation_canceled FROM sales_order_item"
        " WHERE order_id = %s ORDER BY item_id",
        order,
    )
    return {"order": row, "items": items}


async def reservations(shop: Shop, order: int) -> dict[str, list[tuple[str, float]]]:
    """By SKU, what Inventory keeps for an order, in order: each with the event that it came of."""
    increment = (await shop.row("SELECT increment_id FROM sales_order WHERE entity_id = %s", order))["increment_id"]
    found: dict[str, list[tuple[str, float]]] = {}
    for row in await shop.rows(
        "SELECT sku, quantity, JSON_UNQUOTE(JSON_EXTRACT(metadata, '$.event_type')) AS event"
        " FROM inventory_reservation"
        " WHERE JSON_UNQUOTE(JSON_EXTRACT(metadata, '$.object_increment_id')) = %s ORDER BY reservation_id",
        increment,
    ):
        found.setdefault(row["sku"], []).append((row["event"], float(row["quantity"])))
    return found


async def test_a_reopened_order_is_as_it_was_placed(shop: Shop) -> None:
    order = await shop.place()
    placed = await canceled_amounts(shop, order)
    await shop.ask("POST", f"orders/{order}/cancel")
    assert await canceled_amounts(shop, order) != placed
    body = {"reopen": {"payment_intent_id": f"pi_{order}", "reason": "A payment landed."}}
    answer = (await shop.post(f"orders/{order}/reopen", body)).json()
    assert (answer["outcome"], answer["state"], answer["status"]) == ("applied", "pending_payment", "pending_payment")
    assert await canceled_amounts(shop, order) == placed


async def test_a_reopened_order_takes_its_stock_again_once(shop: Shop) -> None:
    order = await shop.place()
    await shop.ask("POST", f"orders/{order}/cancel")
    kept = await reservations(shop, order)
    if not kept:
        pytest.skip("this shop has no Inventory")
    body = {"reopen": {"payment_intent_id": f"pi_{order}", "reason": "A payment landed."}}
    for _ in range(2):
        await shop.post(f"orders/{order}/reopen", body)
    again = await reservations(shop, order)
    assert again == {
        "TEE-RED-M": [("order_placed", -2.0), ("order_canceled", 2.0), ("order_placed", -2.0)],
        "MUG-BLUE": [("order_placed", -3.0), ("order_canceled", 3.0), ("order_placed", -3.0)],
    }


async def test_a_reopened_order_is_paid_and_can_be_shipped(shop: Shop) -> None:
    order = await shop.place()
    await shop.ask("POST", f"orders/{order}/cancel")
    await shop.post(f"orders/{order}/reopen", {"reopen": {"payment_intent_id": f"pi_{order}", "reason": "It landed."}})
    await shop.post(f"orders/{order}/capture", {"payment": payment(order)})
    await shop.ask("POST", f"order/{order}/ship", {"items": []})
    after = await shop.after(order)
    assert (after["state"], after["total_paid"], after["invoices"]) == ("complete", "87.4800", 1)
