"""Are customers and their cards kept as Stripe keeps them?"""

from typing import Any, cast

import pytest
import stripe

from tests.sandbox.stripe.sdk import Time, paying


async def test_a_customer_is_made_changed_found_and_deleted(client: stripe.StripeClient, time: Time) -> None:
    customers = client.v1.customers
    made = await customers.create_async({"email": "ann@example.com", "name": "Ann", "metadata": {"a": "1", "b": "2"}})
    assert (made.email, made.created, made.livemode) == ("ann@example.com", int(time.now), False)
    changed = await customers.update_async(made.id, {"name": "Bea", "metadata": {"a": "", "c": "3"}})
    assert (changed.name, changed.metadata and changed.metadata.to_dict()) == ("Bea", {"b": "2", "c": "3"})
    assert [each.id for each in (await customers.list_async({"email": "ann@example.com"})).data] == [made.id]
    assert (await customers.list_async({"email": "ANN@example.com"})).data == []
    await customers.delete_async(made.id)
    assert (await customers.retrieve_async(made.id)).to_dict() == {"id": made.id, "object": "customer", "deleted": True}
    assert (await customers.list_async({"email": "ann@example.com"})).data == []
    with pytest.raises(stripe.InvalidRequestError) as gone:
        await client.v1.payment_intents.create_async({"amount": 500, "currency": "usd", "customer": made.id})
    assert (gone.value.code, gone.value.param, gone.value.http_status) == ("resource_missing", "customer", 400)
    types = [event.type for event in (await client.v1.events.list_async()).data]
    assert types == ["customer.deleted", "customer.updated", "customer.created"]


async def test_an_update_says_what_was_there_before(client: stripe.StripeClient) -> None:
    address = {"line1": "1 Navy Way", "city": "Arlington", "country": "US"}
    new: Any = {"name": "Ann", "address": address, "metadata": {"a": "1", "b": "2"}}
    made = await client.v1.customers.create_async(new)
    changes: Any = {"name": "Ann", "phone": "1", "address": {**address, "city": "Boston"}, "metadata": {"a": "3"}}
    await client.v1.customers.update_async(made.id, changes)
    await client.v1.customers.update_async(made.id, changes)  # which changes nothing, and is no event
    (event,) = (await client.v1.events.list_async({"type": "customer.updated"})).data
    assert event.data.to_dict()["previous_attributes"] == {
        "phone": None,
        "address": {"city": "Arlington"},
        "metadata": {"a": "1"},
    }


async def test_what_is_sent_empty_is_unset(client: stripe.StripeClient) -> None:
    everything: Any = {
        "name": "Ann", "email": "ann@example.com", "phone": "1", "description": "d", "business_name": "Ann Ltd",
        "address": {"line1": "1 Navy Way"}, "shipping": {"name": "Ann", "address": {"line1": "1 Navy Way"}},
    }  # fmt: skip
    made = await client.v1.customers.create_async(everything)
    left = await client.v1.customers.update_async(made.id, cast("Any", dict.fromkeys(everything, "")))
    assert {name: getattr(left, name, None) for name in everything} == dict.fromkeys(everything)


@pytest.mark.parametrize(
    ("field", "value"),
    [("name", "n" * 257), ("phone", "1" * 21), ("email", "no address"), ("business_name", "n" * 151)],
)
async def test_texts_have_their_limits(client: stripe.StripeClient, field: str, value: str) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refused:
        await client.v1.customers.create_async(cast("Any", {field: value}))
    assert refused.value.param == field


async def test_tax_numbers_are_added_listed_and_deleted(client: stripe.StripeClient) -> None:
    customer = (await client.v1.customers.create_async()).id
    tax_ids = client.v1.customers.tax_ids
    made = await tax_ids.create_async(customer, {"type": "eu_vat", "value": "DE123456789"})
    assert (made.type, made.value, made.country) == ("eu_vat", "DE123456789", "DE")
    with pytest.raises(stripe.InvalidRequestError) as refused:
        await tax_ids.create_async(customer, {"type": "eu_vat", "value": "123"})
    assert refused.value.code == "tax_id_invalid"
    assert [each.id for each in (await tax_ids.list_async(customer)).data] == [made.id]
    await client.v1.tax_ids.delete_async(made.id)
    assert (await tax_ids.list_async(customer)).data == []


async def test_cards_are_attached_listed_and_detached(client: stripe.StripeClient) -> None:
    customer = (await client.v1.customers.create_async()).id
    visa = await client.v1.payment_methods.attach_async("pm_card_visa", {"customer": customer})
    amex = await client.v1.payment_methods.attach_async("pm_card_amex", {"customer": customer})
    assert visa.id != "pm_card_visa"
    listed = await client.v1.customers.payment_methods.list_async(customer)
    assert [method.id for method in listed.data] == [amex.id, visa.id]
    await client.v1.payment_methods.detach_async(visa.id)
    listed = await client.v1.payment_methods.list_async({"customer": customer, "type": "card"})
    assert [method.id for method in listed.data] == [amex.id]
    with pytest.raises(stripe.InvalidRequestError, match="may not be used again"):
        await cast("Any", client.v1.payment_intents).create_async(paying(visa.id))


async def test_a_saved_card_pays_only_for_its_customer(client: stripe.StripeClient) -> None:
    create = cast("Any", client.v1.payment_intents).create_async
    ann, bob = [(await client.v1.customers.create_async()).id for _ in range(2)]
    card = (await client.v1.payment_methods.attach_async("pm_card_visa", {"customer": ann})).id
    for wrong in ({}, {"customer": bob}):
        with pytest.raises(stripe.InvalidRequestError):
            await create(paying(card, **wrong))
    for _ in range(2):
        assert (await create(paying(card, customer=ann))).status == "succeeded"


async def test_a_card_that_paid_unattached_pays_no_second_time(client: stripe.StripeClient) -> None:
    create = cast("Any", client.v1.payment_intents).create_async
    intent = await create(paying())
    with pytest.raises(stripe.InvalidRequestError, match="may not be used again"):
        await create(paying(intent.payment_method))


async def test_a_card_is_saved_by_the_payment_that_says_so(client: stripe.StripeClient) -> None:
    customer = (await client.v1.customers.create_async()).id
    intent = await cast("Any", client.v1.payment_intents).create_async(
        paying(customer=customer, setup_future_usage="off_session")
    )
    saved = (await client.v1.payment_methods.list_async({"customer": customer})).data
    assert [method.id for method in saved] == [intent.payment_method]
    assert "payment_method.attached" in {event.type for event in (await client.v1.events.list_async()).data}


@pytest.mark.parametrize(
    "metadata",
    [{"k" * 41: "v"}, {"k": "v" * 501}, {f"k{number}": "v" for number in range(51)}],
    ids=["long key", "long value", "too many"],
)
async def test_metadata_has_its_limits(client: stripe.StripeClient, metadata: dict[str, str]) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refused:
        await client.v1.customers.create_async({"metadata": metadata})
    assert refused.value.param == "metadata"


async def test_metadata_up_to_its_limits_is_kept(client: stripe.StripeClient) -> None:
    metadata = {f"{number:040d}": "v" * 500 for number in range(50)}
    made = await client.v1.customers.create_async({"metadata": metadata})
    assert made.metadata is not None
    assert made.metadata.to_dict() == metadata
