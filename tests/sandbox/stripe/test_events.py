"""Are events listed as a catch-up needs them: every one, in order, by type and time, for thirty days?"""

import pytest
import stripe

from sidecar.sandbox.stripe import StripeSandbox
from tests.sandbox.stripe.sdk import Time


async def test_pages_in_both_directions_meet(client: stripe.StripeClient, time: Time) -> None:
    for _ in range(7):
        time.now += 1
        await client.v1.customers.create_async()
    events = client.v1.events
    newest = (await events.list_async({"limit": 100})).data
    walked = [event.id async for event in (await events.list_async({"limit": 2})).auto_paging_iter()]
    assert walked == [event.id for event in newest]
    oldest = newest[-1].id
    upwards = await events.list_async({"ending_before": oldest, "limit": 3})
    assert [event.id for event in upwards.data] == [event.id for event in newest[3:6]]
    assert upwards.has_more is True
    rest = await events.list_async({"ending_before": upwards.data[0].id, "limit": 3})
    assert ([event.id for event in rest.data], rest.has_more) == ([event.id for event in newest[:3]], False)


async def test_by_type_and_time(client: stripe.StripeClient, time: Time) -> None:
    customer = await client.v1.customers.create_async()
    time.now += 100
    await client.v1.customers.update_async(customer.id, {"name": "Ann"})
    await client.v1.payment_intents.create_async({"amount": 500, "currency": "usd"})
    events = client.v1.events

    async def types(**parameters: object) -> list[str]:
        return [event.type for event in (await events.list_async(parameters)).data]  # type: ignore[arg-type]  # many shapes, one helper

    assert await types(type="customer.*") == ["customer.updated", "customer.created"]
    assert await types(types=["customer.updated", "payment_intent.created"]) == [
        "payment_intent.created",
        "customer.updated",
    ]
    assert await types(created={"lt": int(time.now)}) == ["customer.created"]
    assert await types(created={"gte": int(time.now)}) == ["payment_intent.created", "customer.updated"]
    with pytest.raises(stripe.InvalidRequestError):
        await types(type="customer.*", types=["customer.updated"])
    with pytest.raises(stripe.InvalidRequestError):
        await types(limit=101)


async def test_an_event_is_a_snapshot_and_names_its_request(client: stripe.StripeClient) -> None:
    customer = await client.v1.customers.create_async({"name": "Ann"}, {"idempotency_key": "k1"})
    await client.v1.customers.update_async(customer.id, {"name": "Bea"})
    updated, created = (await client.v1.events.list_async()).data
    assert created.data.object["name"] == "Ann"
    assert (updated.data.object["name"], updated.to_dict()["data"]["previous_attributes"]) == ("Bea", {"name": "Ann"})
    assert created.request is not None
    assert created.request.idempotency_key == "k1"
    assert created.request.id == customer.last_response.request_id  # type: ignore[union-attr]  # it was just answered


async def test_after_thirty_days_they_are_gone(client: stripe.StripeClient, sandbox: StripeSandbox) -> None:
    await client.v1.customers.create_async()
    event = (await client.v1.events.list_async()).data[0].id
    sandbox.advance(30 * 86_400 + 1)
    assert (await client.v1.events.list_async()).data == []
    with pytest.raises(stripe.InvalidRequestError):
        await client.v1.events.retrieve_async(event)
