"""What Magento's answers mean, and that nothing secret is in an error."""

import json
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from schemas.ids import Instance, MagentoOrderId
from sidecar.adapters.magento_rest.authorization import BearerAuth
from sidecar.adapters.magento_rest.classify import classify_answer, classify_failure
from sidecar.adapters.magento_rest.client import MagentoClient
from sidecar.adapters.magento_rest.orders import RestOrders
from sidecar.errors import (
    NotFoundError,
    RefusedError,
    TransientError,
    UnauthorizedError,
    UnknownOutcomeError,
    UpstreamError,
)

TOKEN = "very-secret-token"
Handler = Callable[[httpx.Request], httpx.Response]


def orders_over(handler: Handler) -> RestOrders:
    http = httpx.AsyncClient(
        base_url="http://shop/rest/default/V1/",
        transport=httpx.MockTransport(handler),
        auth=BearerAuth(SecretStr(TOKEN)),
        follow_redirects=False,
    )
    return RestOrders(Instance("shop"), MagentoClient(http))


@pytest.mark.parametrize(
    ("status", "headers", "kind", "code"),
    [
        (400, {}, RefusedError, "http_400"),
        (401, {}, UnauthorizedError, "http_401"),
        (403, {}, UnauthorizedError, "http_403"),
        (404, {}, NotFoundError, "not_found"),
        (408, {}, TransientError, "http_408"),
        (429, {"Retry-After": "7"}, TransientError, "http_429"),
        (503, {}, TransientError, "http_503"),
        (500, {}, UnknownOutcomeError, "http_500"),
        (502, {}, UnknownOutcomeError, "http_502"),
        (504, {}, UnknownOutcomeError, "http_504"),
        (302, {"Location": "http://elsewhere/"}, RefusedError, "redirect"),
        (422, {}, RefusedError, "http_422"),
    ],
)
def test_each_status_has_its_meaning(
    status: int, headers: dict[str, str], kind: type[UpstreamError], code: str
) -> None:
    error = classify_answer(httpx.Response(status, headers=headers, json={"message": "no"}), "GET orders/1")
    assert type(error) is kind
    assert error.code == code
    if isinstance(error, TransientError):
        assert error.retry_after == (timedelta(seconds=7) if headers else None)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"message": "No such %fieldName: %1", "parameters": {"fieldName": "orderId", "1": "7"}}, "No such orderId: 7"),
        ({"message": "%1 of %2", "parameters": ["1", "2"]}, "1 of 2"),
        ({"message": "%10 and %1", "parameters": [str(number) for number in range(1, 11)]}, "10 and 1"),
        ({"message": "plain"}, "plain"),
        (["odd"], "HTTP 400"),
    ],
)
def test_magentos_parameters_are_put_into_its_message(body: object, said: str) -> None:
    error = classify_answer(httpx.Response(400, json=body), "POST x")
    assert error.detail == f"POST x: {said}"


def test_a_page_instead_of_json_is_not_repeated() -> None:
    error = classify_answer(httpx.Response(500, text="<html>secret</html>"), "GET x")
    assert error.detail == "GET x: HTTP 500"


@pytest.mark.parametrize(
    ("failure", "kind"),
    [
        (httpx.ConnectError("refused"), TransientError),
        (httpx.ConnectTimeout("late"), TransientError),
        (httpx.PoolTimeout("full"), TransientError),
        (httpx.ReadTimeout("late"), UnknownOutcomeError),
        (httpx.WriteTimeout("late"), UnknownOutcomeError),
        (httpx.RemoteProtocolError("cut"), UnknownOutcomeError),
        (httpx.ReadError("cut"), UnknownOutcomeError),
    ],
)
def test_only_what_never_left_was_surely_not_done(failure: httpx.TransportError, kind: type[UpstreamError]) -> None:
    assert type(classify_failure(failure, "POST x")) is kind


async def test_the_token_travels_in_its_header_and_nowhere_else() -> None:
    seen: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(500, json={"message": f"you sent {request.headers['authorization'][:6]}"})

    orders = orders_over(answer)
    with pytest.raises(UnknownOutcomeError) as raised:
        await orders.read_order(MagentoOrderId(1))
    assert seen[0].headers["authorization"] == f"Bearer {TOKEN}"
    assert TOKEN not in f"{raised.value!r} {raised.value} {orders!r} {seen[0].url}"


async def test_a_redirect_is_not_followed() -> None:
    hosts: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        hosts.append(request.url.host)
        return httpx.Response(302, headers={"Location": "http://elsewhere/"})

    with pytest.raises(RefusedError, match="base_url"):
        await orders_over(answer).read_order(MagentoOrderId(1))
    assert hosts == ["shop"]


@pytest.mark.parametrize("content", [b"", b"<html>", b"{}", b'{"entity_id": "x"}'])
async def test_an_answer_that_cannot_be_read_is_an_unknown_outcome(content: bytes) -> None:
    with pytest.raises(UnknownOutcomeError, match="unreadable"):
        await orders_over(lambda _: httpx.Response(200, content=content)).read_order(MagentoOrderId(1))


@given(st.decimals("0", "9999999999999999.9999", places=4))
async def test_amounts_are_read_exactly(amount: Decimal) -> None:
    document = {
        "entity_id": 1,
        "increment_id": "000000001",
        "store_id": 1,
        "state": "new",
        "status": "pending",
        "order_currency_code": "USD",
        "grand_total": 0,
        "updated_at": "2026-11-23 12:11:22",
        "payment": {"method": "sidecar_stripe"},
    }
    content = json.dumps(document).replace('"grand_total": 0', f'"grand_total": {amount:f}').encode()
    order = await orders_over(lambda _: httpx.Response(200, content=content)).read_order(MagentoOrderId(1))
    assert order.grand_total == amount
