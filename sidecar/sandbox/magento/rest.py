"""What the sidecar may call under `/rest`: core's resources for orders, and the module's own."""

import hmac
from collections.abc import Awaitable, Callable
from typing import TypeVar

import orjson
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pymysql.err import MySQLError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sidecar.sandbox.magento import refunds, search, write_back
from sidecar.sandbox.magento.bodies import (
    Authorization,
    CreditmemoRefund,
    Failure,
    Held,
    Link,
    Reopened,
    StripeRefund,
)
from sidecar.sandbox.magento.core_refund import offline_refund
from sidecar.sandbox.magento.creditmemo_document import creditmemo_document
from sidecar.sandbox.magento.customer_rest import CustomerRest
from sidecar.sandbox.magento.database import Row, Session
from sidecar.sandbox.magento.errors import NO_HOLD, NO_INVOICE, NO_UNHOLD, MagentoError, invalid, unauthorized
from sidecar.sandbox.magento.faults import INTERNAL, spoil
from sidecar.sandbox.magento.oauth import Signatures
from sidecar.sandbox.magento.order_document import order_document, present
from sidecar.sandbox.magento.placing import cancel, change
from sidecar.sandbox.magento.republish import republish
from sidecar.sandbox.magento.shop import Shop

Body = TypeVar("Body", bound=BaseModel)
Answer = Callable[[Session, Request], Awaitable[object]]
OnOrder = Callable[[Session, Row, Request], Awaitable[object]]
UNINVOICEABLE = frozenset(("canceled", "holded", "closed", "complete", "payment_review"))


class _History(BaseModel):
    """`sales-data-order-status-history-interface`."""

    model_config = ConfigDict(extra="forbid")

    comment: str
    is_customer_notified: int
    is_visible_on_front: int
    parent_id: int
    status: str | None = None
    entity_name: str | None = None


class _Comment(BaseModel):
    """`POST /V1/orders/{id}/comments`."""

    status_history: _History = Field(alias="statusHistory")


class Rest:
    """The resources of one instance."""

    def __init__(self, shop: Shop) -> None:
        self._shop = shop
        self._signatures = Signatures(shop.config.oauth) if shop.config.oauth else None

    def routes(self) -> list[Route]:
        """With a store's code in the path and without."""
        core = "Magento_Sales::"
        on_orders = [
            ("GET", "orders/{order_id:int}", f"{core}actions_view", self._get),
            ("POST", "orders/{order_id:int}/cancel", f"{core}cancel", self._cancel),
            ("POST", "orders/{order_id:int}/hold", f"{core}hold", self._hold),
            ("POST", "orders/{order_id:int}/unhold", f"{core}unhold", self._unhold),
            ("POST", "orders/{order_id:int}/comments", f"{core}comment", self._comment),
            ("POST", "order/{order_id:int}/invoice", f"{core}sales_invoice", self._invoice),
            ("POST", "order/{order_id:int}/refund", f"{core}creditmemo", self._refund),
            ("POST", "sidecar/orders/{order_id:int}/republish", "Sidecar_Stripe::payments", self._republish),
            *(
                ("POST", f"sidecar/orders/{{order_id:int}}/{name}", "Sidecar_Stripe::payments", act)
                for name, act in (
                    ("authorization", _reading(Authorization, write_back.authorize)),
                    ("capture", _reading(Authorization, write_back.capture)),
                    ("payment-failure", _reading(Failure, write_back.fail)),
                    ("payment-link", _reading(Link, write_back.link)),
                    ("hold", _reading(Held, write_back.hold)),
                    ("reopen", _reading(Reopened, write_back.reopen)),
                )
            ),
        ]
        found = [(method, path, self._guarded(acl, _locking(act))) for method, path, acl, act in on_orders]
        found += [
            ("GET", "orders", self._guarded(f"{core}actions_view", self._orders)),
            ("GET", "creditmemos", self._guarded(f"{core}sales_creditmemo", self._creditmemos)),
            ("GET", "transactions", self._guarded(f"{core}transactions_fetch", self._transactions)),
            ("GET", "creditmemo/{creditmemo_id:int}", self._guarded(f"{core}sales_creditmemo", self._creditmemo)),
            ("POST", "sidecar/refunds", self._guarded("Sidecar_Stripe::refunds", self._stripe_refund)),
            (
                "POST",
                "sidecar/creditmemos/{creditmemo_id:int}/refund",
                self._guarded("Sidecar_Stripe::refunds", self._creditmemo_refund),
            ),
            ("GET", "store/storeConfigs", self._guarded("Magento_Backend::store", self._store_configs)),
            ("GET", "sidecar/status", self._guarded("Sidecar_Stripe::status", self._status)),
        ]
        found += [
            (method, path, self._guarded(acl, answer))
            for method, path, acl, answer in CustomerRest(self._shop).resources()
        ]
        return [
            Route(f"/rest{scope}/V1/{path}", handler, methods=[method])
            for method, path, handler in found
            for scope in ("", "/{scope}")
        ]

    def _guarded(self, resource: str, answer: Answer) -> Callable[[Request], Awaitable[Response]]:
        """Who asks, what goes wrong, and one transaction around the answer."""

        async def handle(request: Request) -> Response:
            fault = self._shop.faults.next_for(f"{request.method} {request.url.path}")
            if fault is not None and fault.kind == "before":
                return await spoil(fault, Response())
            try:
                self._authorize(request, resource)
                async with self._shop.database.transaction() as session:
                    document = await answer(session, request)
                response = Response(orjson.dumps(document), media_type="application/json")
            except MagentoError as error:
                response = error.response()
            except MySQLError:
                response = JSONResponse({"message": INTERNAL}, 500)
            self._shop.outbox.wake()
            return response if fault is None else await spoil(fault, response)

        return handle

    def _authorize(self, request: Request, resource: str) -> None:
        header = request.headers.get("authorization", "")
        if header.startswith("Bearer "):
            given = header.removeprefix("Bearer ").encode()
            known = hmac.compare_digest(given, self._shop.config.token.encode())
        else:
            signatures = self._signatures
            known = signatures is not None and signatures.valid(request.method, str(request.url), request.headers)
        if not known:
            raise unauthorized(resource)

    async def _get(self, session: Session, row: Row, _request: Request) -> object:
        return await order_document(session, row)

    async def _cancel(self, session: Session, row: Row, _request: Request) -> object:
        return await cancel(session, row, self._shop.config, self._shop.outbox, "rest")

    async def _hold(self, session: Session, row: Row, _request: Request) -> object:
        if row["state"] not in write_back.HOLDABLE:
            raise MagentoError(400, NO_HOLD)
        before = {"hold_before_state": row["state"], "hold_before_status": row["status"]}
        await change(session, row, {"state": "holded", "status": "holded", **before})
        return True

    async def _unhold(self, session: Session, row: Row, _request: Request) -> object:
        if row["state"] != "holded":
            raise MagentoError(400, NO_UNHOLD)
        back = {"state": row["hold_before_state"], "status": row["hold_before_status"]}
        await change(session, row, back | {"hold_before_state": None, "hold_before_status": None})
        return True

    async def _comment(self, session: Session, row: Row, request: Request) -> object:
        history = (await _read(_Comment, request)).status_history
        if history.status is not None and history.status != row["status"]:
            await change(session, row, {"status": history.status})
        await write_back.comment(session, row, history.comment, notified=bool(history.is_customer_notified))
        return True

    async def _invoice(self, session: Session, row: Row, _request: Request) -> object:
        if row["total_invoiced"] is not None or row["state"] in UNINVOICEABLE:
            raise MagentoError(400, NO_INVOICE)
        return str(await write_back.invoice(session, row, None))

    async def _refund(self, session: Session, row: Row, request: Request) -> object:
        return await offline_refund(session, row, await request.body(), self._shop)

    async def _creditmemo(self, session: Session, request: Request) -> object:
        return await creditmemo_document(
            session, await refunds.creditmemo(session, request.path_params["creditmemo_id"])
        )

    async def _stripe_refund(self, session: Session, request: Request) -> object:
        asked = await _read(StripeRefund, request)
        return await refunds.refund(session, await write_back.locked(session, asked.refund.order_id), asked, self._shop)

    async def _creditmemo_refund(self, session: Session, request: Request) -> object:
        asked = await _read(CreditmemoRefund, request)
        memo = await refunds.creditmemo(session, request.path_params["creditmemo_id"])
        order = await write_back.locked(session, memo["order_id"])
        memo = await refunds.creditmemo(session, memo["entity_id"])  # as it is now that nobody else writes it
        return await refunds.creditmemo_refund(session, memo, order, asked)

    async def _creditmemos(self, session: Session, request: Request) -> object:
        rows, total = await search.found(session, "sales_creditmemo", request.query_params)
        items = [await creditmemo_document(session, row) for row in rows]
        return {"items": items, "search_criteria": {"filter_groups": []}, "total_count": total}

    async def _republish(self, session: Session, row: Row, _request: Request) -> object:
        return await republish(session, row)

    async def _orders(self, session: Session, request: Request) -> object:
        rows, total = await search.found(session, "sales_order", request.query_params)
        items = [await order_document(session, row) for row in rows]
        return {"items": items, "search_criteria": {"filter_groups": []}, "total_count": total}

    async def _transactions(self, session: Session, request: Request) -> object:
        rows = await session.rows("SELECT * FROM sales_payment_transaction ORDER BY transaction_id")
        items = [
            present({name: value for name, value in row.items() if name != "additional_information"})
            | {"additional_information": []}
            for row in rows
        ]
        criteria = {"filter_groups": [], "page_size": int(request.query_params.get("searchCriteria[pageSize]", 20))}
        return {"items": items, "search_criteria": criteria, "total_count": len(items)}

    async def _store_configs(self, _session: Session, request: Request) -> object:
        base = str(request.base_url)
        return [
            {
                "id": store.store_id,
                "code": store.store_code,
                "website_id": store.website_id,
                "locale": "en_US",
                "base_currency_code": "USD",
                "default_display_currency_code": "USD",
                "timezone": "UTC",
                "weight_unit": "lbs",
                **dict.fromkeys(("base_url", "base_link_url", "secure_base_url", "secure_base_link_url"), base),
                **{f"{name}static_url": f"{base}static/version1/" for name in ("base_", "secure_base_")},
                **{f"{name}media_url": f"{base}media/" for name in ("base_", "secure_base_")},
            }
            for store in self._shop.config.stores.values()
        ]

    async def _status(self, session: Session, _request: Request) -> object:
        about = {"magento_version": "2.4.4", "module_version": "sandbox", "instance": self._shop.config.instance}
        return about | await self._shop.outbox.backlog(session)


def _locking(act: OnOrder) -> Answer:
    async def answer(session: Session, request: Request) -> object:
        return await act(session, await write_back.locked(session, request.path_params["order_id"]), request)

    return answer


def _reading(body: type[Body], act: Callable[[Session, Row, Body], Awaitable[Row]]) -> OnOrder:
    async def read(session: Session, row: Row, request: Request) -> object:
        return await act(session, row, await _read(body, request))

    return read


async def _read(body: type[Body], request: Request) -> Body:
    try:
        return body.model_validate_json(await request.body())
    except ValidationError as error:
        raise invalid(error) from None
