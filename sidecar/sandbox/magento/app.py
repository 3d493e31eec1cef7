"""The stand-in's pages and resources."""

import asyncio
import contextlib
import hmac
import json
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from decimal import Decimal
from pathlib import Path
from typing import TypeVar

import orjson
from jinja2 import Environment, FileSystemLoader, select_autoescape
from oauthlib.oauth1 import SIGNATURE_HMAC_SHA256, Client
from pydantic import BaseModel, ValidationError
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from sidecar.ports.publisher import Publisher
from sidecar.sandbox.magento import write_back
from sidecar.sandbox.magento.config import MagentoSandboxConfig
from sidecar.sandbox.magento.database import Database, Row, Session, open_database
from sidecar.sandbox.magento.errors import NO_INVOICE, MagentoError, missing, unauthorized
from sidecar.sandbox.magento.faults import Fault, Faults, fail
from sidecar.sandbox.magento.order_document import order_document, plain, present
from sidecar.sandbox.magento.outbox import Outbox
from sidecar.sandbox.magento.placing import cancel, change, place
from sidecar.sandbox.magento.snapshot import PlaceOrder

Body = TypeVar("Body", bound=BaseModel)
Act = Callable[[Session, Row, Request], Awaitable[object]]

PAGES = Environment(loader=FileSystemLoader(Path(__file__).with_name("pages")), autoescape=select_autoescape())


class MagentoSandbox:
    """One instance: its database, its outbox and its faults."""

    def __init__(self, config: MagentoSandboxConfig, publisher: Publisher) -> None:
        self.config = config
        self.outbox = Outbox(config.instance)
        self.faults = Faults()
        self._publisher = publisher
        self._database: Database | None = None

    @property
    def database(self) -> Database:
        """The open database."""
        if self._database is None:
            raise RuntimeError("the stand-in has not been started")
        return self._database

    @asynccontextmanager
    async def running(self, _app: Starlette) -> AsyncIterator[None]:
        """Open the database and run the relay."""
        async with open_database(self.config.database_url) as database:
            self._database = database
            relay = asyncio.create_task(self.outbox.relay(database, self._publisher))
            try:
                yield
            finally:
                relay.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await relay

    def app(self) -> Starlette:
        """Everything under `/rest`, the control under `/_sandbox`, and the shopper's page."""
        order = r"/rest/{scope}/V1/orders/{order_id:int}"
        ours = r"/rest/{scope}/V1/sidecar/orders/{order_id:int}"
        routes = [
            Route(order, self._rest("Magento_Sales::actions_view", self._get), methods=["GET"]),
            Route(f"{order}/cancel", self._rest("Magento_Sales::cancel", self._cancel), methods=["POST"]),
            Route(f"{order}/hold", self._rest("Magento_Sales::hold", self._hold), methods=["POST"]),
            Route(f"{order}/unhold", self._rest("Magento_Sales::unhold", self._unhold), methods=["POST"]),
            Route(f"{order}/comments", self._rest("Magento_Sales::comment", self._comment), methods=["POST"]),
            Route(
                "/rest/{scope}/V1/order/{order_id:int}/invoice",
                self._rest("Magento_Sales::sales_invoice", self._invoice),
                methods=["POST"],
            ),
            Route("/rest/{scope}/V1/transactions", self._transactions, methods=["GET"]),
            Route("/rest/{scope}/V1/sidecar/status", self._status, methods=["GET"]),
            Route("/_sandbox/orders", self._place, methods=["POST"]),
            Route("/_sandbox/orders", self._list, methods=["GET"]),
            Route("/_sandbox/orders/{order_id:int}/cancel", self._cancel_as_merchant, methods=["POST"]),
            Route("/_sandbox/outbox/release", self._release, methods=["POST"]),
            Route("/_sandbox/outbox", self._outbox, methods=["GET"]),
            Route("/_sandbox/faults", self._arm, methods=["POST"]),
            Route("/_sandbox/faults", self._disarm, methods=["DELETE"]),
            Route("/order/{increment_id}", self._page, methods=["GET"]),
        ]
        for name, body, act in (
            ("authorization", write_back.Authorization, write_back.authorize),
            ("capture", write_back.Authorization, write_back.capture),
            ("payment-failure", write_back.Failure, write_back.fail),
            ("payment-link", write_back.Link, write_back.link),
            ("hold", write_back.Held, write_back.hold),
            ("reopen", write_back.Reopened, write_back.reopen),
        ):
            resource = f"Sidecar_Stripe::{name.replace('-', '_')}"
            handler = self._rest(resource, _reading(body, act))  # type: ignore[arg-type]  # each act with its own body
            routes.append(Route(f"{ours}/{name}", handler, methods=["POST"]))
        return Starlette(routes=routes, lifespan=self.running)

    def _rest(self, resource: str, act: Act) -> Callable[[Request], Awaitable[Response]]:
        """A resource of one order: who asks, what goes wrong, and the order's row locked."""

        async def handle(request: Request) -> Response:
            fault = self.faults.next_for(f"{request.method} {request.url.path}")
            try:
                if fault is not None and fault.kind == "before":
                    return await fail(fault)
                self._authorize(request, resource)
                async with self.database.transaction() as session:
                    row = await write_back.locked(session, request.path_params["order_id"])
                    answer = await act(session, row, request)
                self.outbox.wake()
                if fault is not None and fault.kind == "after":
                    return await fail(fault)
                if fault is not None and fault.kind == "slow":
                    await asyncio.sleep(fault.seconds)
            except MagentoError as error:
                return error.response()
            return Response(orjson.dumps(answer), media_type="application/json")

        return handle

    def _authorize(self, request: Request, resource: str) -> None:
        header = request.headers.get("authorization", "")
        if header.startswith("Bearer "):
            if hmac.compare_digest(header.removeprefix("Bearer ").encode(), self.config.token.encode()):
                return
        elif header.startswith("OAuth ") and self.config.oauth is not None and self._signed(request, header):
            return
        raise unauthorized(resource)

    def _signed(self, request: Request, header: str) -> bool:
        """Sign the request ourselves, with the same nonce and time, and compare."""
        given = dict(re.findall(r'(oauth_[a-z_]+)="([^"]*)"', header))
        key, secret, token, token_secret = self.config.oauth or ("", "", "", "")
        if given.get("oauth_consumer_key") != key or given.get("oauth_token") != token:
            return False
        client = Client(
            key,
            secret,
            token,
            token_secret,
            signature_method=SIGNATURE_HMAC_SHA256,
            nonce=given.get("oauth_nonce", ""),
            timestamp=given.get("oauth_timestamp", ""),
        )
        _, headers, _ = client.sign(str(request.url), http_method="POST" if request.method == "POST" else "GET")
        ours = dict(re.findall(r'(oauth_[a-z_]+)="([^"]*)"', headers["Authorization"]))
        return hmac.compare_digest(ours["oauth_signature"], given.get("oauth_signature", ""))

    async def _get(self, session: Session, row: Row, _request: Request) -> object:
        return await order_document(session, row)

    async def _cancel(self, session: Session, row: Row, _request: Request) -> object:
        if not await cancel(session, row, self.config, self.outbox, "rest"):
            raise MagentoError(400, "You have not canceled the item.")
        return True

    async def _hold(self, session: Session, row: Row, _request: Request) -> object:
        before = {"hold_before_state": row["state"], "hold_before_status": row["status"]}
        await change(session, row, {"state": "holded", "status": "holded", **before})
        return True

    async def _unhold(self, session: Session, row: Row, _request: Request) -> object:
        back = {"state": row["hold_before_state"], "status": row["hold_before_status"]}
        await change(session, row, back | {"hold_before_state": None, "hold_before_status": None})
        return True

    async def _comment(self, session: Session, row: Row, request: Request) -> object:
        history = json.loads(await request.body())["statusHistory"]
        if history["status"] != row["status"]:
            await change(session, row, {"status": history["status"]})
        await write_back.comment(session, row, history["comment"], notified=bool(history["is_customer_notified"]))
        return True

    async def _invoice(self, session: Session, row: Row, _request: Request) -> object:
        if row["total_invoiced"] is not None or row["state"] in {"canceled", "holded", "closed"}:
            raise MagentoError(400, NO_INVOICE)
        return str(await write_back.invoice(session, row, None))

    async def _transactions(self, request: Request) -> Response:
        try:
            self._authorize(request, "Magento_Sales::transactions_fetch")
        except MagentoError as error:
            return error.response()
        async with self.database.transaction() as session:
            rows = await session.rows("SELECT * FROM sales_payment_transaction ORDER BY transaction_id")
        items = [
            present({name: value for name, value in row.items() if name != "additional_information"})
            | {"additional_information": []}
            for row in rows
        ]
        criteria = {"filter_groups": [], "page_size": int(request.query_params.get("searchCriteria[pageSize]", 20))}
        return JSONResponse({"items": items, "search_criteria": criteria, "total_count": len(items)})

    async def _status(self, request: Request) -> Response:
        fault = self.faults.next_for(f"{request.method} {request.url.path}")
        try:
            self._authorize(request, "Sidecar_Stripe::status")
        except MagentoError as error:
            return error.response()
        if fault is not None:
            return await fail(fault)
        return JSONResponse({"magento_version": "2.4.4", "module_version": "sandbox", "instance": self.config.instance})

    async def _place(self, request: Request) -> Response:
        try:
            wanted = PlaceOrder.model_validate_json(await request.body())
            async with self.database.transaction() as session:
                order = await place(session, wanted, self.config, self.outbox)
        except ValidationError as error:
            return JSONResponse({"message": str(error)}, 400)
        except MagentoError as error:
            return error.response()
        self.outbox.wake()
        return Response(order.model_dump_json(), media_type="application/json")

    async def _cancel_as_merchant(self, request: Request) -> Response:
        async with self.database.transaction() as session:
            row = await write_back.locked(session, request.path_params["order_id"])
            canceled = await cancel(session, row, self.config, self.outbox, "merchant")
        self.outbox.wake()
        return JSONResponse({"canceled": canceled})

    async def _list(self, _request: Request) -> Response:
        async with self.database.transaction() as session:
            rows = await session.rows(
                "SELECT o.*, p.last_trans_id, p.cc_last_4, p.additional_information, p.amount_paid,"
                " (SELECT COUNT(*) FROM sales_invoice i WHERE i.order_id = o.entity_id) AS invoices,"
                " (SELECT MIN(i.increment_id) FROM sales_invoice i WHERE i.order_id = o.entity_id) AS invoice,"
                " (SELECT COUNT(*) FROM sales_payment_transaction t WHERE t.order_id = o.entity_id"
                "   AND t.txn_type = 'capture') AS captures"
                " FROM sales_order o JOIN sales_order_payment p ON p.parent_id = o.entity_id ORDER BY o.entity_id"
            )
        return Response(orjson.dumps({"orders": [_summary(row) for row in rows]}), media_type="application/json")

    async def _release(self, _request: Request) -> Response:
        async with self.database.transaction() as session:
            released = await session.run("UPDATE sidecar_outbox SET held = 0 WHERE held = 1")
        self.outbox.wake()
        return JSONResponse({"released": released})

    async def _outbox(self, _request: Request) -> Response:
        async with self.database.transaction() as session:
            counts = await session.row(
                "SELECT COUNT(*) AS events, SUM(published_at IS NULL AND held = 0) AS waiting, SUM(held) AS held,"
                " SUM(IF(published_at IS NULL, 0, copies)) AS published FROM sidecar_outbox"
            )
        return JSONResponse({name: int(value or 0) for name, value in (counts or {}).items()})

    async def _arm(self, request: Request) -> Response:
        self.faults.arm(Fault.model_validate_json(await request.body()))
        return JSONResponse({"armed": True})

    async def _disarm(self, _request: Request) -> Response:
        self.faults.clear()
        return JSONResponse({"armed": False})

    async def _page(self, request: Request) -> Response:
        async with self.database.transaction() as session:
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
        page = PAGES.get_template("order.html").render(
            order={name: plain(value) for name, value in row.items()},
            label=label["label"] if label else row["status"],
            link=information.get("payment_link"),
            failure=information.get("last_failure"),
            history=history,
            items=items,
        )
        return HTMLResponse(page)


def _reading(
    body: type[Body], act: Callable[[Session, Row, Body], Awaitable[Row]]
) -> Callable[[Session, Row, Request], Awaitable[object]]:
    async def read(session: Session, row: Row, request: Request) -> object:
        try:
            asked = body.model_validate_json(await request.body())
        except ValidationError as error:
            first = error.errors(include_input=False)[0]
            name = ".".join(str(part) for part in first["loc"])
            raise MagentoError(
                400, 'Invalid value for "%fieldName": %1', {"fieldName": name, "1": first["msg"]}
            ) from None
        return await act(session, row, asked)

    return read


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
        "transaction_id": row["last_trans_id"],
        "invoices": row["invoices"],
        "invoice": row["invoice"],
        "captures": row["captures"],
        "card_last4": row["cc_last_4"],
        "payment_link": information.get("payment_link"),
        "last_failure": information.get("last_failure"),
        "guest": bool(row["customer_is_guest"]),
    }


def _text(value: Decimal | None) -> str | None:
    return None if value is None else str(value)


def create_app(config: MagentoSandboxConfig, publisher: Publisher) -> Starlette:
    """The stand-in as an ASGI application; it opens its database when it is started."""
    return MagentoSandbox(config, publisher).app()
