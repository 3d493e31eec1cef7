"""A running Magento Open Source with the module: orders are placed in it as a shopper's browser places them."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import httpx
import orjson
from typing_extensions import override

from tests.sandbox.magento.exchange_play import MEMOS, ORDER, Play

METHOD = "sidecar_stripe"
ADDRESS = {
    "firstname": "Ada",
    "lastname": "Byron",
    "email": "ada@example.com",
    "street": ["1 Main St"],
    "city": "Portland",
    "region_id": 49,
    "region_code": "OR",
    "region": "Oregon",
    "postcode": "97201",
    "country_id": "US",
    "telephone": "5555550100",
}
"""In a state without sales tax."""


@dataclass(frozen=True, slots=True)
class Line:
    """Something to put into a cart."""

    sku: str
    qty: int


EXAMPLE = b"SidecarExample"
"""In every id of Stripe's in the exchanges."""
EXCHANGE_LINES = [Line(line["sku"], line["qty"]) for line in ORDER["lines"]]


class Shop(Play):
    """Plays exchanges against it, and looks into its tables.

    The exchanges share ids of Stripe's, and each begins in a shop that has not heard of them. This one has a past, so
    that each order has ids of its own.
    """

    @override
    async def send(self, order: int, document: Mapping[str, Any]) -> httpx.Response:
        own = orjson.loads(orjson.dumps(dict(document)).replace(EXAMPLE, _of(order)))
        answer = await super().send(order, own)
        return httpx.Response(answer.status_code, content=answer.content.replace(_of(order), EXAMPLE))

    @override
    async def after(self, order: int) -> dict[str, Any]:
        seen: dict[str, Any] = orjson.loads(orjson.dumps(await super().after(order)).replace(_of(order), EXAMPLE))
        return seen

    async def stock(self) -> None:
        """Have the products of the written exchanges, at their prices."""
        for line in ORDER["lines"]:
            if await self._sells(line["sku"], line["price"]):
                continue
            product = {
                "sku": line["sku"],
                "name": line["sku"],
                "price": line["price"],
                "status": 1,
                "visibility": 4,
                "type_id": "simple",
                "attribute_set_id": 4,
                "weight": 1,
                "extension_attributes": {
                    "website_ids": [1],
                    "stock_item": {"qty": 1_000_000, "is_in_stock": True, "manage_stock": True},
                },
            }
            await self.ask("POST", "products", {"product": product})

    async def _sells(self, sku: str, price: str) -> bool:
        answer = await self._http.get(f"/rest/V1/products/{sku}", headers={"Authorization": f"Bearer {self._token}"})
        return answer.is_success and Decimal(str(answer.json()["price"])) == Decimal(price)

    @override
    async def place(self) -> int:
        """An order of 87.48 USD: the shop's flat rate has to be 5.00 an item, as Magento comes."""
        return await self.place_lines(EXCHANGE_LINES)

    @override
    async def step(self, order: int, step: str, documents: Mapping[str, Mapping[str, Any]]) -> None:
        """Another exchange, or something the merchant does; a credit memo is made by core's own resource."""
        if step not in MEMOS:
            await super().step(order, step, documents)
            return
        by_sku = {
            row["sku"]: row["item_id"]
            for row in await self._rows("SELECT sku, item_id FROM sales_order_item WHERE order_id = %s", order)
        }
        invoices = await self._rows("SELECT entity_id FROM sales_invoice WHERE order_id = %s", order)
        memo = MEMOS[step]
        body = {
            "items": [{"order_item_id": by_sku[each["sku"]], "qty": each["qty"]} for each in memo.get("items", [])],
            "is_online": True,
        }
        if "shipping_amount" in memo:
            body["arguments"] = {"shipping_amount": memo["shipping_amount"]}
        await self.ask("POST", f"invoice/{invoices[0]['entity_id']}/refund", body)

    async def place_lines(
        self, lines: list[Line], store: str | None = None, address: Mapping[str, Any] = ADDRESS
    ) -> int:
        """A guest's order.

        Args:
            store: the code of its store view; none: the default one.
        """
        cart = await self.ask("POST", "guest-carts", store=store, signed=False)
        path = f"guest-carts/{cart}"
        for line in lines:
            item = {"sku": line.sku, "qty": line.qty, "quote_id": cart}
            await self.ask("POST", f"{path}/items", {"cartItem": item}, store=store, signed=False)
        shipping = {
            "shipping_address": address,
            "billing_address": address,
            "shipping_carrier_code": "flatrate",
            "shipping_method_code": "flatrate",
        }
        await self.ask(
            "POST", f"{path}/shipping-information", {"addressInformation": shipping}, store=store, signed=False
        )
        payment = {"email": address["email"], "billingAddress": address, "paymentMethod": {"method": METHOD}}
        return int(await self.ask("POST", f"{path}/payment-information", payment, store=store, signed=False))

    async def ask(
        self, method: str, path: str, body: Any = None, *, store: str | None = None, signed: bool = True
    ) -> Any:
        """A call of Magento's REST that has to be answered 200."""
        answer = await self.request(method, path, body, store=store, signed=signed)
        assert answer.is_success, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json()

    async def request(
        self, method: str, path: str, body: Any = None, *, store: str | None = None, signed: bool = False
    ) -> httpx.Response:
        """A call of Magento's REST, whatever is answered."""
        headers = {"Authorization": f"Bearer {self._token}"} if signed else {}
        address = f"/rest/{store}/V1/{path}" if store else f"/rest/V1/{path}"
        return await self._http.request(method, address, json=body, headers=headers)

    async def post(self, path: str, body: Any) -> httpx.Response:
        """A call of the module's, whatever is answered."""
        return await self._http.post(
            f"/rest/V1/sidecar/{path}", json=body, headers={"Authorization": f"Bearer {self._token}"}
        )

    async def row(self, statement: str, *values: object) -> dict[str, Any]:
        """The one row that a statement finds, decimals as texts."""
        (row,) = await self._rows(statement, *values)
        return {name: str(value) if isinstance(value, Decimal) else value for name, value in row.items()}

    async def rows(self, statement: str, *values: object) -> list[dict[str, Any]]:
        """What a statement finds in its tables."""
        return await self._rows(statement, *values)


def _of(order: int) -> bytes:
    return f"Order{order}n".encode()


def payment(order: int, amount: str = "87.48", currency: str = "USD") -> dict[str, object]:
    """The body of a capture, by ids of the order's own."""
    return {
        "account": "main",
        "mode": "test",
        "payment_intent_id": f"pi_{order}",
        "charge_id": f"ch_{order}",
        "amount": amount,
        "currency": currency,
        "method_type": "card",
        "card_brand": "visa",
        "card_last4": "4242",
    }
