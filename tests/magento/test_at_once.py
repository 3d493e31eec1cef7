"""Captures that come at once: one invoice and one transaction for each order, and every request is answered."""

import asyncio
from collections import Counter

import pytest

from tests.magento.shop import Shop, payment

ORDERS = 20
TIMES = 10


@pytest.mark.timeout(900)
async def test_of_captures_at_once_one_is_applied(shop: Shop) -> None:
    orders = [await shop.place() for _ in range(ORDERS)]
    answers = await asyncio.gather(
        *(shop.post(f"orders/{order}/capture", {"payment": payment(order)}) for order in orders * TIMES)
    )
    outcomes = Counter((answer.json().get("order_id"), answer.json().get("outcome")) for answer in answers)
    assert Counter(answer.status_code for answer in answers) == {200: ORDERS * TIMES}
    for order in orders:
        assert (outcomes[order, "applied"], outcomes[order, "already_applied"]) == (1, TIMES - 1)
        assert await shop.after(order) == {
            "state": "processing",
            "status": "processing",
            "total_paid": "87.4800",
            "invoices": 1,
            "transactions": [
                {"txn_id": f"pi_{order}", "txn_type": "capture", "is_closed": True, "parent_txn_id": None},
            ],
            "total_refunded": None,
            "creditmemos": [],
        }
        assert len({answer.json()["invoice_id"] for answer in answers if answer.json()["order_id"] == order}) == 1
        assert await _counts(shop, order) == {"written": 1, "history": 1, "grid": "87.4800"}


async def _counts(shop: Shop, order: int) -> dict[str, object]:
    (written,) = await shop.rows("SELECT COUNT(*) AS n FROM sidecar_write_back WHERE order_id = %s", order)
    (history,) = await shop.rows(
        "SELECT COUNT(*) AS n FROM sales_order_status_history WHERE parent_id = %s AND comment LIKE '%%captured%%'",
        order,
    )
    (grid,) = await shop.rows("SELECT total_paid FROM sales_order_grid WHERE entity_id = %s", order)
    return {"written": written["n"], "history": history["n"], "grid": str(grid["total_paid"])}
