"""How many calls Magento gets at once, while it says that they are too many."""

import asyncio
from datetime import timedelta

import httpx
import pytest

from sidecar.adapters.magento_rest.client import MagentoClient
from sidecar.errors import HeldBackError, TransientError
from sidecar.limiter.places import Places

WORKERS = 4


class Magento:
    """Refuses what its workers cannot take, and counts what it got at once."""

    def __init__(self, *, headers: dict[str, str] | None = None) -> None:
        self.workers = WORKERS
        self.under_way = 0
        self.most: list[int] = []
        self.answered = 0
        self._headers = headers or {}

    async def answer(self, request: httpx.Request) -> httpx.Response:
        del request
        self.under_way += 1
        self.most.append(self.under_way)
        try:
            too_many = self.under_way > self.workers
            await asyncio.sleep(0.002)
            if too_many:
                return httpx.Response(429, json={"message": "Too many requests"}, headers=self._headers)
            self.answered += 1
            return httpx.Response(200, json=True)
        finally:
            self.under_way -= 1


class Clock:
    def __init__(self) -> None:
        self.time = 1000.0

    def __call__(self) -> float:
        return self.time


def client_of(magento: Magento, places: Places) -> MagentoClient:
    http = httpx.AsyncClient(base_url="http://shop/rest/V1/", transport=httpx.MockTransport(magento.answer))
    return MagentoClient(http, places=places)


async def ask(client: MagentoClient, count: int) -> list[str]:
    """So many calls at once; gives the codes of those that failed."""

    async def one() -> str:
        try:
            await client.post_for_nothing("x", None)
        except TransientError as error:
            return error.code
        return ""

    return [code for code in await asyncio.gather(*(one() for _ in range(count))) if code]


async def test_it_finds_out_how_many_are_not_too_many() -> None:
    magento, clock = Magento(), Clock()
    places = Places("magento", 32, clock, first=32)
    client = client_of(magento, places)
    first = await ask(client, 32)
    assert (len(first), set(first)) == (32 - WORKERS, {"http_429"})
    assert max(magento.most) == 32
    for _ in range(4):
        clock.time += 1.1  # complaints within a second are one
        await ask(client, 64)
    magento.most.clear()
    refused = 0
    for _ in range(10):
        clock.time += 1.1
        refused += len(await ask(client, 64))
    assert refused < 0.05 * 640
    assert WORKERS // 2 <= max(magento.most) <= WORKERS + 1
    clock.time += 60
    assert places.most == 32  # and it asks again whether more can be had


async def test_a_pause_that_magento_asks_for_is_kept() -> None:
    magento, clock = Magento(headers={"Retry-After": "7"}), Clock()
    magento.workers = 0
    client = client_of(magento, Places("magento", 4, clock, first=4))
    with pytest.raises(TransientError) as refused:
        await client.post_for_nothing("x", None)
    assert (refused.value.retry_after, refused.value.spends_attempt) == (timedelta(seconds=7), True)
    clock.time += 3
    with pytest.raises(HeldBackError) as held:
        await client.post_for_nothing("x", None)
    assert (held.value.retry_after, held.value.spends_attempt) == (timedelta(seconds=4), False)
    assert len(magento.most) == 1
    magento.workers = 4
    clock.time += 4
    await client.post_for_nothing("x", None)
    assert magento.answered == 1
