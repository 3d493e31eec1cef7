"""Are requests counted per account and per endpoint, within one second?"""

import pytest
import stripe

from sidecar.sandbox.stripe import Fault, RateLimits, StripeSandbox
from tests.sandbox.stripe.sdk import LIVE_KEY, OTHER_KEY, TEST_KEY, Time, call, new_sandbox, sdk

PATHS = ("/v1/customers", "/v1/charges", "/v1/refunds", "/v1/events", "/v1/payment_intents")


async def get(sandbox: StripeSandbox, path: str, key: str = TEST_KEY) -> tuple[int, str | None]:
    _, status, headers = await call(sandbox.app, "GET", f"http://stripe.test{path}", {"Authorization": f"Bearer {key}"})
    return status, headers.get("stripe-rate-limited-reason")


@pytest.fixture
def limited(time: Time) -> StripeSandbox:
    return new_sandbox(time, rate_limits=RateLimits())


async def test_an_endpoint_takes_25_a_second_by_default(limited: StripeSandbox, time: Time) -> None:
    assert [await get(limited, "/v1/customers", LIVE_KEY) for _ in range(25)] == [(200, None)] * 25
    assert await get(limited, "/v1/customers", LIVE_KEY) == (429, "endpoint-rate")
    assert await get(limited, "/v1/charges", LIVE_KEY) == (200, None)
    time.now += 1
    assert await get(limited, "/v1/customers", LIVE_KEY) == (200, None)


async def test_objects_of_one_endpoint_share_its_limit(limited: StripeSandbox) -> None:
    for number in range(25):
        await get(limited, f"/v1/payment_intents/pi_{number}", LIVE_KEY)
    assert (await get(limited, "/v1/payment_intents/pi_x", LIVE_KEY))[0] == 429
    assert (await get(limited, "/v1/payment_intents", LIVE_KEY))[0] == 200


@pytest.mark.parametrize(("key", "limit"), [(TEST_KEY, 25), (LIVE_KEY, 100)])
async def test_an_account_has_its_own_limit(limited: StripeSandbox, key: str, limit: int) -> None:
    statuses = [await get(limited, PATHS[number % len(PATHS)], key) for number in range(limit)]
    assert statuses == [(200, None)] * limit
    assert await get(limited, "/v1/balance", key) == (429, "global-rate")
    assert await get(limited, "/v1/balance", OTHER_KEY) == (200, None)


async def test_the_second_slides(limited: StripeSandbox, time: Time) -> None:
    for number in range(25):
        await get(limited, PATHS[number % len(PATHS)])
        time.now += 0.02
    assert (await get(limited, "/v1/balance"))[0] == 429
    time.now += 0.51
    assert (await get(limited, "/v1/balance"))[0] == 200


async def test_the_limits_are_settings() -> None:
    sandbox = new_sandbox(rate_limits=RateLimits(overall=2, per_endpoint=1))
    assert [
        (await get(sandbox, path))[1] for path in ("/v1/customers", "/v1/customers", "/v1/charges", "/v1/refunds")
    ] == [
        None,
        "endpoint-rate",
        None,
        "global-rate",
    ]


async def test_one_intent_takes_so_many_changes_an_hour(time: Time) -> None:
    sandbox = new_sandbox(time, rate_limits=RateLimits(intent_updates_per_hour=2))
    intents = sdk(sandbox).v1.payment_intents
    one, other = [(await intents.create_async({"amount": 500, "currency": "usd"})).id for _ in range(2)]
    for _ in range(2):
        await intents.update_async(one, {"amount": 600})
    with pytest.raises(stripe.RateLimitError) as limited:
        await intents.update_async(one, {"amount": 700})
    assert limited.value.headers is not None
    assert limited.value.headers["Stripe-Rate-Limited-Reason"] == "resource-specific"
    await intents.update_async(other, {"amount": 700})
    time.now += 3600
    assert (await intents.update_async(one, {"amount": 700})).amount == 700


async def test_the_sdk_sees_a_rate_limit(sandbox: StripeSandbox) -> None:
    sandbox.faults.add(Fault("status", status=429))
    with pytest.raises(stripe.RateLimitError) as limited:
        await sdk(sandbox).v1.customers.list_async()
    assert limited.value.headers is not None
    assert limited.value.headers["Stripe-Rate-Limited-Reason"] == "global-rate"


async def test_a_lock_timeout_gives_no_reason(sandbox: StripeSandbox) -> None:
    sandbox.faults.add(Fault("lock_timeout"))
    assert await get(sandbox, "/v1/customers") == (429, None)
