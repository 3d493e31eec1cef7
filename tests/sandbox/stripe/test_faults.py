"""Do the failures look, on a real connection, as they look with Stripe?"""

from collections.abc import AsyncIterator

import aiohttp
import pytest

from sidecar.sandbox.stripe import Fault, StripeSandbox, listening
from tests.sandbox.stripe.sdk import TEST_KEY

INTENT = {"amount": "1099", "currency": "usd"}


@pytest.fixture
async def address(sandbox: StripeSandbox) -> AsyncIterator[str]:
    async with listening(sandbox) as url:
        yield url


@pytest.fixture
async def http(address: str) -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(address, headers={"Authorization": f"Bearer {TEST_KEY}"}) as session:
        yield session


async def ask(http: aiohttp.ClientSession, key: str, seconds: float = 5) -> tuple[int, str | None]:
    async with http.post(
        "/v1/payment_intents",
        data=INTENT,
        headers={"Idempotency-Key": key},
        timeout=aiohttp.ClientTimeout(total=seconds),
    ) as response:
        await response.read()
        return response.status, response.headers.get("Idempotent-Replayed")


def made(sandbox: StripeSandbox) -> int:
    return len(sandbox.accounts["main"].payment_intents)


async def test_a_timeout_before_the_commit_leaves_nothing(http: aiohttp.ClientSession, sandbox: StripeSandbox) -> None:
    sandbox.faults.add(Fault("timeout_before"))
    with pytest.raises(TimeoutError):
        await ask(http, "k", seconds=0.05)
    assert made(sandbox) == 0
    assert await ask(http, "k") == (200, None)


async def test_a_timeout_after_the_commit_leaves_the_object_and_its_answer(
    http: aiohttp.ClientSession, sandbox: StripeSandbox
) -> None:
    sandbox.faults.add(Fault("timeout_after_commit"))
    with pytest.raises(TimeoutError):
        await ask(http, "k", seconds=0.05)
    assert made(sandbox) == 1
    assert await ask(http, "k") == (200, "true")
    assert made(sandbox) == 1


async def test_a_cut_body_leaves_the_object_and_its_answer(http: aiohttp.ClientSession, sandbox: StripeSandbox) -> None:
    sandbox.faults.add(Fault("cut_body"))
    with pytest.raises(aiohttp.ClientPayloadError):
        await ask(http, "k")
    assert await ask(http, "k") == (200, "true")
    assert made(sandbox) == 1


async def test_a_patient_client_meets_a_gateway_that_is_not(
    http: aiohttp.ClientSession, sandbox: StripeSandbox
) -> None:
    sandbox.faults.add(Fault("timeout_before", seconds=0.01))
    assert await ask(http, "k") == (504, None)


async def test_faults_strike_where_and_as_often_as_asked(http: aiohttp.ClientSession, sandbox: StripeSandbox) -> None:
    sandbox.faults.add(Fault("status", method="POST", path="/v1/payment_intents", status=503, times=2, skip=1))
    async with http.get("/v1/payment_intents") as response:
        assert response.status == 200
    assert [(await ask(http, f"k{number}"))[0] for number in range(4)] == [200, 503, 503, 200]
    assert sandbox.faults.waiting == ()


async def test_faults_and_counts_go_over_http_too(http: aiohttp.ClientSession) -> None:
    wanted = {"kind": "status", "status": 409, "path": "/v1/payment_intents"}
    async with http.post("/_sandbox/faults", json=wanted) as response:
        assert response.status == 200
    async with http.get("/_sandbox/faults") as response:
        assert [fault["status"] for fault in (await response.json())["faults"]] == [409]
    assert (await ask(http, "k"))[0] == 409
    assert (await ask(http, "k"))[0] == 200
    async with http.get("/_sandbox/calls") as response:
        assert await response.json() == {"POST /v1/payment_intents": {"409": 1, "200": 1}}
    async with http.get("/_sandbox/objects") as response:
        assert (await response.json())["main"]["payment_intents"] == 1
    async with http.post("/_sandbox/faults", json={"kind": "miracle"}) as response:
        assert response.status == 400
    async with http.post("/_sandbox/faults", json=wanted) as response:
        assert response.status == 200
    async with http.delete("/_sandbox/faults") as response:
        assert response.status == 200
    assert (await ask(http, "l"))[0] == 200
