"""Does a key have its effect once, and say so as Stripe does?"""

import asyncio
from typing import Any, cast

import orjson
import pytest
import stripe

from sidecar.sandbox.stripe import Fault, RateLimits, StripeSandbox
from tests.sandbox.stripe.sdk import OTHER_KEY, TEST_KEY, call, new_sandbox, paying, sdk

INTENT = b"amount=1099&currency=usd"


async def post(
    sandbox: StripeSandbox, body: bytes, key: str, *, path: str = "/v1/payment_intents", secret: str = TEST_KEY
) -> tuple[int, dict[str, Any], dict[str, str]]:
    content, status, headers = await call(
        sandbox.app,
        "POST",
        f"http://stripe.test{path}",
        {"Authorization": f"Bearer {secret}", "Idempotency-Key": key},
        body,
    )
    return status, orjson.loads(content), headers


def made(sandbox: StripeSandbox) -> int:
    return len(sandbox.accounts["main"].payment_intents)


async def test_the_same_request_is_answered_the_same_and_done_once(sandbox: StripeSandbox) -> None:
    first = await post(sandbox, INTENT, "order 42")
    again = await post(sandbox, INTENT, "order 42")
    assert (again[0], again[1]) == (200, first[1])
    assert again[2]["idempotent-replayed"] == "true"
    assert again[2]["original-request"] == first[2]["request-id"] != again[2]["request-id"]
    assert "idempotent-replayed" not in first[2]
    assert made(sandbox) == 1


async def test_the_order_of_parameters_makes_no_other_request(sandbox: StripeSandbox) -> None:
    first = await post(sandbox, b"amount=1099&currency=usd", "k")
    assert (await post(sandbox, b"currency=usd&amount=1099", "k"))[1] == first[1]


async def test_a_decline_is_replayed_too(sandbox: StripeSandbox) -> None:
    body = INTENT + b"&payment_method=pm_card_visa_chargeDeclined&confirm=true&off_session=true"
    first = await post(sandbox, body, "order 42")
    again = await post(sandbox, body, "order 42")
    assert (first[0], again[0], again[1]) == (402, 402, first[1])
    assert len(sandbox.accounts["main"].charges) == 1


@pytest.mark.parametrize(
    ("body", "path"), [(INTENT + b"&description=x", "/v1/payment_intents"), (b"", "/v1/customers")]
)
async def test_another_request_under_the_key_is_refused(sandbox: StripeSandbox, body: bytes, path: str) -> None:
    await post(sandbox, INTENT, "order 42")
    status, answer, _ = await post(sandbox, body, "order 42", path=path)
    assert (status, answer["error"]["type"]) == (400, "idempotency_error")


async def test_the_sdk_sees_it_as_an_idempotency_error(client: stripe.StripeClient) -> None:
    intents = cast("Any", client.v1.payment_intents)
    await intents.create_async(paying(), {"idempotency_key": "k"})
    with pytest.raises(stripe.IdempotencyError):
        await intents.create_async(paying(amount=2000), {"idempotency_key": "k"})


async def test_a_request_still_running_under_the_key_is_a_conflict(sandbox: StripeSandbox) -> None:
    sandbox.faults.add(Fault("latency", path="/v1/payment_intents", seconds=0.01))
    first, second = await asyncio.gather(post(sandbox, INTENT, "k"), post(sandbox, INTENT, "k"))
    assert (first[0], second[0]) == (200, 409)
    assert second[1]["error"]["code"] == "idempotency_key_in_use"
    assert (await post(sandbox, INTENT, "k"))[1] == first[1]
    assert made(sandbox) == 1


async def test_a_key_is_forgotten_after_a_day(sandbox: StripeSandbox) -> None:
    first = await post(sandbox, INTENT, "k")
    sandbox.advance(24 * 3600 - 1)
    assert (await post(sandbox, INTENT, "k"))[1]["id"] == first[1]["id"]
    sandbox.advance(1)
    assert (await post(sandbox, INTENT, "k"))[1]["id"] != first[1]["id"]


async def test_nothing_is_kept_where_nothing_was_executed(sandbox: StripeSandbox) -> None:
    assert (await post(sandbox, b"amount=1&currency=usd", "k"))[0] == 400
    assert (await post(sandbox, b"color=red", "k"))[0] == 400
    assert (await post(sandbox, INTENT, "k", secret="sk_test_wrong"))[0] == 401
    sandbox.faults.add(Fault("status", status=429))
    assert (await post(sandbox, INTENT, "k"))[0] == 429
    sandbox.faults.add(Fault("status", status=500))
    assert (await post(sandbox, INTENT, "k"))[0] == 500
    status, _, headers = await post(sandbox, INTENT, "k")
    assert (status, "idempotent-replayed" in headers) == (200, False)


async def test_a_500_after_the_commit_stays_a_500(sandbox: StripeSandbox) -> None:
    sandbox.faults.add(Fault("status_after_commit", status=500))
    assert (await post(sandbox, INTENT, "k"))[0] == 500
    status, _, headers = await post(sandbox, INTENT, "k")
    assert (status, headers["idempotent-replayed"]) == (500, "true")
    assert made(sandbox) == 1


async def test_accounts_do_not_share_keys(sandbox: StripeSandbox) -> None:
    mine = await post(sandbox, INTENT, "k")
    theirs = await post(sandbox, INTENT, "k", secret=OTHER_KEY)
    assert mine[1]["id"] != theirs[1]["id"]
    with pytest.raises(stripe.InvalidRequestError) as unknown:
        await sdk(sandbox, OTHER_KEY).v1.payment_intents.retrieve_async(mine[1]["id"])
    assert (unknown.value.code, unknown.value.http_status) == ("resource_missing", 404)


async def test_a_key_has_at_most_255_characters(sandbox: StripeSandbox) -> None:
    assert (await post(sandbox, INTENT, "k" * 255))[0] == 200
    assert (await post(sandbox, INTENT, "k" * 256))[0] == 400


async def test_a_rate_limited_request_can_be_repeated_under_its_key() -> None:
    sandbox = new_sandbox(rate_limits=RateLimits(per_endpoint=1))
    await post(sandbox, INTENT, "a")
    assert (await post(sandbox, INTENT, "b"))[0] == 429
    sandbox.advance(1)
    assert (await post(sandbox, INTENT, "b"))[0] == 200
