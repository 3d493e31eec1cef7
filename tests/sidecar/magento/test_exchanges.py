"""The REST adapter sends exactly the requests of the written exchanges, and understands their answers."""

import json
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest
from pydantic import SecretStr

from schemas.ids import Instance, MagentoCreditmemoId, MagentoOrderId, PaymentIntentId
from sidecar.adapters.magento_rest.authorization import BearerAuth
from sidecar.adapters.magento_rest.client import MagentoClient
from sidecar.adapters.magento_rest.orders import RestOrders
from sidecar.errors import NotFoundError, RefusedError, UnauthorizedError, UpstreamError
from sidecar.ports.magento import (
    CreditmemoRefund,
    Hold,
    MagentoStatus,
    OutboxBacklog,
    PaymentDetails,
    PaymentFailure,
    PaymentLink,
    RefundWriteBack,
    StripeRefund,
    WriteBack,
)
from tests.contracts.magento_rest import Exchange, exchanges, filled

IDS = {
    "order_id": 42,
    "tee_item_id": 71,
    "mug_item_id": 72,
    "creditmemo_id": 8,
    "first_creditmemo_id": 7,
    "invoice_id": 7,
    "creditmemo_increment_id": "000000008",
}
ERRORS: dict[int, type[UpstreamError]] = {400: RefusedError, 401: UnauthorizedError, 404: NotFoundError}
SENDABLE = [exchange for exchange in exchanges() if exchange.sendable]


Understood = WriteBack | RefundWriteBack | MagentoStatus


async def ask(orders: RestOrders, exchange: Exchange) -> Understood:
    """What the sidecar does when it wants this."""
    path = filled(exchange.request.path, IDS)
    resource = path.rpartition("/")[2]
    if resource == "status":
        return await orders.status()
    if resource == "republish":
        return await orders.republish(MagentoOrderId(42))
    ((_, about),) = filled(exchange.request.body or {}, IDS).items()
    if resource in {"authorization", "capture", "refund", "refunds"}:
        about["stripe"] = {"account": about.pop("account"), "mode": about.pop("mode")}
    if resource == "refunds":
        order = about.pop("order_id")
        return await orders.record_refund(order, StripeRefund.model_validate(about))
    if resource == "refund":
        memo = MagentoCreditmemoId(int(path.split("/")[4]))
        return await orders.record_creditmemo_refund(memo, CreditmemoRefund.model_validate(about))
    order = MagentoOrderId(int(path.split("/")[4]))
    payment = PaymentDetails.model_validate
    calls: dict[str, Callable[[], Awaitable[WriteBack]]] = {
        "authorization": lambda: orders.record_authorization(order, payment(about)),
        "capture": lambda: orders.record_capture(order, payment(about)),
        "payment-failure": lambda: orders.record_payment_failure(order, PaymentFailure.model_validate(about)),
        "payment-link": lambda: orders.record_payment_link(order, PaymentLink.model_validate(about)),
        "hold": lambda: orders.hold_order(order, Hold.model_validate(about)),
        "reopen": lambda: orders.reopen_order(order, PaymentIntentId(about["payment_intent_id"])),
    }
    return await calls[resource]()


@pytest.mark.parametrize("exchange", SENDABLE, ids=lambda exchange: exchange.name)
async def test_the_request_is_the_written_one_and_its_answer_is_understood(exchange: Exchange) -> None:
    sent: list[httpx.Request] = []
    body = {**filled(exchange.response.body, IDS)}

    def answer(request: httpx.Request) -> httpx.Response:
        sent.append(request)
        return httpx.Response(exchange.response.status, json=body)

    async with httpx.AsyncClient(
        base_url="http://shop/rest/V1/", transport=httpx.MockTransport(answer), auth=BearerAuth(SecretStr("t"))
    ) as http:
        orders = RestOrders(Instance("shop"), MagentoClient(http))
        if exchange.response.status in ERRORS:
            with pytest.raises(ERRORS[exchange.response.status]):
                await ask(orders, exchange)
        else:
            _check(await ask(orders, exchange), body)
    (request,) = sent
    assert (request.method, request.url.path) == (
        exchange.request.method,
        f"/rest{filled(exchange.request.path, IDS)}",
    )
    assert (json.loads(request.content) if request.content else None) == filled(exchange.request.body, IDS)
    assert request.headers.get("content-type") == ("application/json" if exchange.request.body else None)


def _check(understood: Understood, body: dict[str, Any]) -> None:
    if isinstance(understood, MagentoStatus):
        assert (understood.version, understood.module_version) == (body["magento_version"], body["module_version"])
        assert understood.outbox == OutboxBacklog(pending=body["outbox_pending"], parked=body["outbox_parked"])
    else:
        told = {name: value for name, value in body.items() if name != "order_id"}
        assert understood.model_dump(mode="json", exclude_none=True) == told


def test_every_resource_and_every_outcome_is_written_down() -> None:
    seen = {
        (exchange.request.path.rpartition("/")[2], exchange.response.body.get("outcome"))
        for exchange in exchanges()
        if exchange.response.status == 200
    }
    everything = {"applied", "already_applied", "order_canceled", "not_payable"}
    for resource in ("authorization", "capture", "payment-failure", "payment-link"):
        assert {outcome for name, outcome in seen if name == resource} == everything
    assert {outcome for name, outcome in seen if name == "reopen"} == everything - {"order_canceled"}
    assert {outcome for name, outcome in seen if name == "hold"} >= everything - {"not_payable"}
    made = everything - {"not_payable"} | {"not_refundable", "lines_differ"}
    assert {outcome for name, outcome in seen if name == "refunds"} == made
    told = {"applied", "already_applied", "linked_elsewhere"}
    assert {outcome for name, outcome in seen if name == "refund"} == told


def test_requests_that_the_sidecar_never_sends_are_marked() -> None:
    assert {exchange.response.status for exchange in exchanges() if not exchange.sendable} == {400}
