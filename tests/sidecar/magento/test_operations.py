"""How calls to Magento are measured."""

from contextlib import suppress

import httpx
import pytest

from schemas.contract import Frozen
from schemas.ids import Instance, MagentoOrderId
from sidecar.adapters.magento_db.orders import MagentoDbOptions, open_db_orders
from sidecar.adapters.magento_rest.client import MagentoClient, operation
from sidecar.errors import NotFoundError, TransientError
from tests.services.tcp_proxy import TcpProxy


@pytest.mark.parametrize(
    ("path", "label"),
    [
        ("orders/42", "GET /V1/orders/{id}"),
        ("sidecar/orders/42/capture", "GET /V1/sidecar/orders/{id}/capture"),
        ("sidecar/status", "GET /V1/sidecar/status"),
        ("orders?searchCriteria[pageSize]=100&email=grace@example.com", "GET /V1/orders"),
    ],
)
def test_an_operation_names_neither_an_object_nor_a_query(path: str, label: str) -> None:
    assert operation("GET", path) == label


class _Anything(Frozen):
    pass


@pytest.mark.parametrize(("status", "code"), [(200, "ok"), (404, "not_found"), (503, "http_503"), (401, "http_401")])
async def test_each_answer_is_counted_by_what_it_means(status: int, code: str) -> None:
    told: list[tuple[str, str]] = []
    transport = httpx.MockTransport(lambda _: httpx.Response(status, json={"message": "…"}))
    async with httpx.AsyncClient(base_url="http://shop/rest/V1/", transport=transport) as http:
        client = MagentoClient(http, lambda name, how, _: told.append((name, how)))
        with suppress(NotFoundError, TransientError):
            await client.get("orders/42", _Anything)
    assert told == [("GET /V1/orders/{id}", code)]


class Heard:
    def __init__(self) -> None:
        self.calls: list[tuple[str, str, str]] = []

    def answered(self, instance: Instance, operation: str, code: str, seconds: float) -> None:
        assert seconds >= 0
        self.calls.append((instance, operation, code))


async def test_a_database_that_is_away_is_counted(store_server_url: str) -> None:
    heard = Heard()
    async with TcpProxy(store_server_url) as line:
        await line.cut()
        options = MagentoDbOptions(instance=Instance("shop"), url=f"{line.url.rstrip('/')}/shop", observer=heard)
        async with open_db_orders(options) as orders:
            with pytest.raises(TransientError) as failure:
                await orders.read_order(MagentoOrderId(42))
    assert heard.calls == [("shop", "transaction", failure.value.code)]
