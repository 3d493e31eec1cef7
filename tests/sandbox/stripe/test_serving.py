"""Does the stand-in live on a port as a service does: reachable, moving by itself, gone when told?"""

import asyncio
import time

import aiohttp
import orjson
import pytest
from typing_extensions import override

from sidecar.sandbox.stripe import StripeSandbox, listening
from sidecar.sandbox.stripe.webhooks import Transport
from tests.sandbox.stripe.sdk import TEST_KEY, sandbox_config

KEY = {"Authorization": f"Bearer {TEST_KEY}"}


class Queue(Transport):
    """Passes deliveries on to the test."""

    def __init__(self) -> None:
        self.types: asyncio.Queue[str] = asyncio.Queue()

    @override
    async def post(self, url: str, body: bytes, headers: dict[str, str], timeout: float) -> int:
        self.types.put_nowait(orjson.loads(body)["type"])
        return 200

    @override
    async def aclose(self) -> None:
        """Nothing is open."""


async def test_what_is_due_happens_without_anyone_asking() -> None:
    mail = Queue()
    sandbox = StripeSandbox(sandbox_config(settlement_delay=0.01), clock=time.time, transport=mail)
    async with listening(sandbox) as url, aiohttp.ClientSession(url, headers=KEY) as http:
        await http.post("/v1/webhook_endpoints", data={"url": "http://hook", "enabled_events[]": "refund.updated"})
        intent = {
            "amount": "1099",
            "currency": "usd",
            "payment_method": "pm_card_pendingRefund",
            "confirm": "true",
            "off_session": "true",
        }
        async with http.post("/v1/payment_intents", data=intent) as response:
            paid = (await response.json())["id"]
        async with http.post("/v1/refunds", data={"payment_intent": paid}) as response:
            assert (await response.json())["status"] == "pending"
        async with asyncio.timeout(10):
            assert await mail.types.get() == "refund.updated"


async def test_it_is_gone_after_the_block_and_the_next_takes_another_port() -> None:
    sandbox = StripeSandbox(sandbox_config())
    async with (
        listening(sandbox) as first,
        listening(StripeSandbox(sandbox_config())) as second,
        aiohttp.ClientSession(headers=KEY) as http,
        http.get(f"{second}/v1/account") as response,
    ):
        assert (first != second, response.status) == (True, 200)
    async with aiohttp.ClientSession(headers=KEY) as http:
        with pytest.raises(aiohttp.ClientConnectionError):
            await http.get(f"{first}/v1/account")


async def test_pages_are_where_the_request_came_from_unless_said_otherwise() -> None:
    session = {
        "mode": "payment",
        "success_url": "https://shop.example/ok",
        "line_items[0][price_data][currency]": "jpy",
        "line_items[0][price_data][unit_amount]": "500",
        "line_items[0][price_data][product_data][name]": "茶",
    }
    for public_url in (None, "https://pay.example"):
        sandbox = StripeSandbox(sandbox_config(public_url=public_url))
        async with listening(sandbox) as url, aiohttp.ClientSession(url, headers=KEY) as http:
            async with http.post("/v1/checkout/sessions", data=session) as response:
                page = (await response.json())["url"]
            assert page.startswith(f"{public_url or url}/c/pay/main/cs_test_")
            async with http.get(page.removeprefix(public_url or url)) as response:
                text = await response.text()
            assert ("¥500" in text, "茶" in text) == (True, True)
