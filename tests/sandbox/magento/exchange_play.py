"""Brings an order to where an exchange begins, and looks at what is in the tables afterwards."""

from collections.abc import Mapping
from typing import Any

import aiomysql
import httpx
from yarl import URL

from tests.contracts.magento_rest import filled

MERCHANT = {"merchant cancels": "cancel", "merchant holds": "hold", "merchant releases": "unhold"}
MEMOS: dict[str, dict[str, Any]] = {
    "merchant refunds a shirt": {"items": [{"sku": "TEE-RED-M", "qty": "1"}], "shipping_amount": "0"},
    "merchant refunds everything": {},
}
STATES = {1: "open", 2: "refunded", 3: "canceled"}
ORDER: dict[str, Any] = {
    "lines": [{"sku": "TEE-RED-M", "price": "19.99", "qty": 2}, {"sku": "MUG-BLUE", "price": "7.50", "qty": 3}],
    "shipping": "25.00",
    "payment": {"method": "sidecar_stripe"},
}


class Play:
    """One stand-in, reached over HTTP and through its tables."""

    def __init__(self, http: httpx.AsyncClient, token: str, database_url: str) -> None:
        self._http = http
        self._token = token
        self._database = URL(database_url)

    async def place(self) -> int:
        """An order of 87.48 USD, in a shop that has heard of no refund: the exchanges share theirs."""
        answer = await self._http.post("/_sandbox/orders", json=ORDER)
        order: int = answer.raise_for_status().json()["order_id"]
        await self._rows("DELETE FROM sidecar_refund")
        return order

    async def step(self, order: int, step: str, documents: Mapping[str, Mapping[str, Any]]) -> None:
        """Another exchange, or something the merchant does."""
        if step in MEMOS:
            answer = await self._http.post(f"/_sandbox/orders/{order}/creditmemos", json=MEMOS[step])
            assert answer.is_success, step
        elif step in MERCHANT:
            path = f"/rest/V1/orders/{order}/{MERCHANT[step]}"
            answer = await self._http.post(path, headers={"Authorization": f"Bearer {self._token}"})
            assert answer.json() is True, step
        else:
            assert (await self.send(order, documents[step])).is_success, step

    async def send(self, order: int, document: Mapping[str, Any]) -> httpx.Response:
        """The exchange's request, about this order."""
        request = filled(document["request"], await self.ids(order))
        token = "wrong" if document.get("credentials") == "none" else self._token
        return await self._http.request(
            request["method"],
            f"/rest/V1{request['path'].removeprefix('/V1')}",
            json=request.get("body"),
            headers={"Authorization": f"Bearer {token}"},
        )

    async def ids(self, order: int) -> dict[str, int]:
        """What stands for the names in braces; its credit memos are the newest and the first."""
        items = await self._rows("SELECT item_id FROM sales_order_item WHERE order_id = %s ORDER BY item_id", order)
        memos = await self._rows("SELECT entity_id FROM sales_creditmemo WHERE order_id = %s ORDER BY entity_id", order)
        known = {"order_id": order, "tee_item_id": items[0]["item_id"], "mug_item_id": items[1]["item_id"]}
        if memos:
            known |= {"creditmemo_id": memos[-1]["entity_id"], "first_creditmemo_id": memos[0]["entity_id"]}
        return known

    async def after(self, order: int) -> dict[str, Any]:
        """What is in the tables."""
        (row,) = await self._rows(
            "SELECT state, status, total_paid, total_refunded FROM sales_order WHERE entity_id = %s", order
        )
        memos = await self._rows(
            "SELECT state, grand_total, transaction_id FROM sales_creditmemo WHERE order_id = %s ORDER BY entity_id",
            order,
        )
        (invoices,) = await self._rows("SELECT COUNT(*) AS n FROM sales_invoice WHERE order_id = %s", order)
        transactions = await self._rows(
            "SELECT txn_id, txn_type, is_closed, parent_txn_id FROM sales_payment_transaction WHERE order_id = %s"
            " ORDER BY transaction_id",
            order,
        )
        paid, refunded = row["total_paid"], row["total_refunded"]
        return {
            "state": row["state"],
            "status": row["status"],
            "total_paid": None if paid is None else str(paid),
            "invoices": invoices["n"],
            "transactions": [each | {"is_closed": bool(each["is_closed"])} for each in transactions],
            "total_refunded": None if refunded is None else str(refunded),
            "creditmemos": [
                each | {"state": STATES[each["state"]], "grand_total": str(each["grand_total"])} for each in memos
            ],
        }

    async def _rows(self, statement: str, *values: object) -> list[dict[str, Any]]:
        address = self._database
        connection = await aiomysql.connect(
            host=address.host,
            port=address.port or 3306,
            user=address.user or "root",
            password=address.password or "",
            db=address.path.strip("/"),
            autocommit=True,
        )
        try:
            async with connection.cursor(aiomysql.DictCursor) as cursor:
                await cursor.execute(statement, values)
                rows: list[dict[str, Any]] = list(await cursor.fetchall())
                return rows
        finally:
            await connection.ensure_closed()
