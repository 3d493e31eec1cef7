"""What tests and the demo do to the stand-in: place orders, hold events back, make it fail."""

from collections.abc import Awaitable, Callable, Sequence
from decimal import Decimal
from typing import Annotated

import orjson
from pydantic import Field, ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sidecar.sandbox.magento import write_back
from sidecar.sandbox.magento.creditmemo_draft import WantedCreditmemo, draw_up
from sidecar.sandbox.magento.creditmemos import STATES, place_creditmemo
from sidecar.sandbox.magento.customer_document import customer_document
from sidecar.sandbox.magento.database import Row
from sidecar.sandbox.magento.errors import MagentoError, invalid
from sidecar.sandbox.magento.faults import Fault
from sidecar.sandbox.magento.placing import cancel, place
from sidecar.sandbox.magento.shop import Shop
from sidecar.sandbox.magento.snapshot import PlaceOrder

Handler = Callable[[Request], Awaitable[Response]]


def control_routes(shop: Shop) -> list[Route]:
    """Everything under `/_sandbox`."""
    control = _Control(shop)
    found: list[tuple[str, str, Handler]] = [
        ("POST", "/orders", control.place),
        ("GET", "/orders", control.list),
        ("POST", "/orders/{order_id:int}/cancel", control.cancel),
        ("POST", "/orders/{order_id:int}/creditmemos", control.refund),
        ("POST", "/orders/{order_id:int}/assign/{customer_id:int}", control.assign),
        ("GET", "/customers", control.customers),
        ("GET", "/outbox", control.outbox),
        ("POST", "/outbox/release", control.release),
        ("POST", "/faults", control.arm),
        ("DELETE", "/faults", control.disarm),
    ]
    return [Route(f"/_sandbox{path}", _answering(handler), methods=[method]) for method, path, handler in found]


def _answering(handler: Handler) -> Handler:
    async def handle(request: Request) -> Response:
        try:
            return await handler(request)
        except ValidationError as error:
            return invalid(error).response()
        except MagentoError as error:
            return error.response()

    return handle


class PlaceCreditmemo(WantedCreditmemo):
    """A credit memo that a merchant makes.

    Attributes:
        held: keep its event back until it is released.
        copies: how often its event is published.
    """

    held: bool = False
    copies: Annotated[int, Field(ge=1, le=10)] = 1


class _Control:
    def __init__(self, shop: Shop) -> None:
        self._shop = shop

    async def place(self, request: Request) -> Response:
        """A shopper goes through the checkout."""
        wanted = PlaceOrder.model_validate_json(await request.body())
        async with self._shop.database.transaction() as session:
            order = await place(session, wanted, self._shop.config, self._shop.outbox)
        self._shop.outbox.wake()
        return Response(order.model_dump_json(), media_type="application/json")

    async def cancel(self, request: Request) -> Response:
        """A merchant cancels an order in the admin."""
        async with self._shop.database.transaction() as session:
            row = await write_back.locked(session, request.path_params["order_id"])
            canceled = await cancel(session, row, self._shop.config, self._shop.outbox, "merchant")
        self._shop.outbox.wake()
        return JSONResponse({"canceled": canceled})

    async def refund(self, request: Request) -> Response:
        """A merchant makes a credit memo in the admin."""
        wanted = PlaceCreditmemo.model_validate_json(await request.body())
        async with self._shop.database.transaction() as session:
            order = await write_back.locked(session, request.path_params["order_id"])
            drawn = await draw_up(session, order, wanted)
            memo = await place_creditmemo(session, order, drawn, self._shop, held=wanted.held, copies=wanted.copies)
        self._shop.outbox.wake()
        return JSONResponse(
            {
                "creditmemo_id": memo["entity_id"],
                "increment_id": memo["increment_id"],
                "grand_total": _text(memo["grand_total"]),
            }
        )

    async def assign(self, request: Request) -> Response:
        """Magento gives a guest's order to the account that they have made since."""
        async with self._shop.database.transaction() as session:
            await session.update(
                "sales_order",
                "entity_id",
                request.path_params["order_id"],
                {"customer_id": request.path_params["customer_id"], "customer_is_guest": 0},
            )
        return JSONResponse({"assigned": True})

    async def customers(self, _request: Request) -> Response:
        """All accounts, as REST shows them."""
        async with self._shop.database.transaction() as session:
            rows = await session.rows("SELECT * FROM customer_entity ORDER BY entity_id")
            documents = [await customer_document(session, row) for row in rows]
        return JSONResponse({"customers": documents})

    async def list(self, _request: Request) -> Response:
        """All orders, with what tests ask about them."""
        async with self._shop.database.transaction() as session:
            rows = await session.rows(
                "SELECT o.*, p.last_trans_id, p.cc_last_4, p.additional_information, p.amount_paid,"
                " (SELECT COUNT(*) FROM sales_invoice i WHERE i.order_id = o.entity_id) AS invoices,"
                " (SELECT MIN(i.increment_id) FROM sales_invoice i WHERE i.order_id = o.entity_id) AS invoice,"
                " (SELECT COUNT(*) FROM sales_payment_transaction t WHERE t.order_id = o.entity_id"
                "   AND t.txn_type = 'capture') AS captures"
                " FROM sales_order o JOIN sales_order_payment p ON p.parent_id = o.entity_id ORDER BY o.entity_id"
            )
            memos = await session.rows("SELECT * FROM sales_creditmemo ORDER BY entity_id")
            refunds = await session.rows("SELECT * FROM sidecar_refund ORDER BY refund_id")
            comments = await session.rows("SELECT * FROM sales_creditmemo_comment ORDER BY entity_id")
        summaries = [
            _summary(row)
            | {
                "creditmemos": [
                    _memo(memo, refunds, comments) for memo in memos if memo["order_id"] == row["entity_id"]
                ]
            }
            for row in rows
        ]
        return Response(orjson.dumps({"orders": summaries}), media_type="application/json")

    async def release(self, _request: Request) -> Response:
        """Let the events go that were held back."""
        async with self._shop.database.transaction() as session:
            released = await session.run("UPDATE sidecar_outbox SET held = 0 WHERE held = 1")
        self._shop.outbox.wake()
        return JSONResponse({"released": released})

    async def outbox(self, _request: Request) -> Response:
        """How many events there are, and how far they are."""
        async with self._shop.database.transaction() as session:
            counts = await session.row(
                "SELECT COUNT(*) AS events, SUM(published_at IS NULL AND held = 0) AS waiting, SUM(held) AS held,"
                " SUM(IF(published_at IS NULL, 0, copies)) AS published FROM sidecar_outbox"
            )
        return JSONResponse({name: int(value or 0) for name, value in (counts or {}).items()})

    async def arm(self, request: Request) -> Response:
        """Make a request fail."""
        self._shop.faults.arm(Fault.model_validate_json(await request.body()))
        return JSONResponse({"armed": True})

    async def disarm(self, _request: Request) -> Response:
        """Let everything go well again."""
        self._shop.faults.clear()
        return JSONResponse({"armed": False})


def _summary(row: Row) -> Row:
    information = orjson.loads(row["additional_information"] or "{}")
    return {
        "order_id": row["entity_id"],
        "increment_id": row["increment_id"],
        "state": row["state"],
        "status": row["status"],
        "currency": row["order_currency_code"],
        "grand_total": _text(row["grand_total"]),
        "total_paid": _text(row["total_paid"]),
        "total_refunded": _text(row["total_refunded"]),
        "transaction_id": row["last_trans_id"],
        "invoices": row["invoices"],
        "invoice": row["invoice"],
        "captures": row["captures"],
        "card_last4": row["cc_last_4"],
        "payment_link": information.get("payment_link"),
        "last_failure": information.get("last_failure"),
        "guest": bool(row["customer_is_guest"]),
    }


def _memo(row: Row, refunds: Sequence[Row], comments: Sequence[Row]) -> Row:
    return {
        "creditmemo_id": row["entity_id"],
        "increment_id": row["increment_id"],
        "state": STATES[row["state"]],
        "grand_total": _text(row["grand_total"]),
        "base_grand_total": _text(row["base_grand_total"]),
        "refunds": {
            refund["refund_id"]: refund["status"] for refund in refunds if refund["creditmemo_id"] == row["entity_id"]
        },
        "comments": [line["comment"] for line in comments if line["parent_id"] == row["entity_id"]],
    }


def _text(value: Decimal | None) -> str | None:
    return None if value is None else str(value)
