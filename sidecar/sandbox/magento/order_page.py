"""The page on which a shopper sees what has become of an order, and how to pay it."""

from decimal import Decimal
from pathlib import Path

import orjson
from jinja2 import Environment, FileSystemLoader, select_autoescape
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from schemas.money import EXPONENTS
from sidecar.sandbox.magento.errors import missing
from sidecar.sandbox.magento.shop import Shop

PAGES = Environment(loader=FileSystemLoader(Path(__file__).with_name("pages")), autoescape=select_autoescape())


def order_page_routes(shop: Shop) -> list[Route]:
    """`/order/{increment_id}`."""

    async def page(request: Request) -> Response:
        async with shop.database.transaction() as session:
            row = await session.row(
                "SELECT o.*, p.cc_last_4, p.cc_type, p.last_trans_id, p.additional_information FROM sales_order o"
                " JOIN sales_order_payment p ON p.parent_id = o.entity_id WHERE o.increment_id = %s",
                request.path_params["increment_id"],
            )
            if row is None:
                return missing().response()
            history = await session.rows(
                "SELECT * FROM sales_order_status_history WHERE parent_id = %s ORDER BY entity_id DESC",
                row["entity_id"],
            )
            items = await session.rows("SELECT * FROM sales_order_item WHERE order_id = %s", row["entity_id"])
            label = await session.row("SELECT label FROM sales_order_status WHERE status = %s", row["status"])
        information = orjson.loads(row["additional_information"] or "{}")
        unit = Decimal(1).scaleb(-EXPONENTS.get(row["order_currency_code"], 2))
        html = PAGES.get_template("order.html").render(
            order=row,
            label=label["label"] if label else row["status"],
            link=information.get("payment_link"),
            failure=information.get("last_failure"),
            history=history,
            items=items,
            money=lambda amount: f"{amount.quantize(unit):,f}",
        )
        return HTMLResponse(html)

    return [Route("/order/{increment_id}", page, methods=["GET"])]
