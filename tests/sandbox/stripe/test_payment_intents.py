"""Does an intent move through its states, and only through them, as at Stripe?"""

from typing import Any, cast

import pytest
import stripe

from sidecar.sandbox.stripe import StripeSandbox
from tests.sandbox.stripe.sdk import LIVE_KEY, RETURN_URL, Time, paying, sdk

Intents = Any  # the SDK's TypedDict parameters: the tests hand in wrong ones on purpose


@pytest.fixture
def intents(client: stripe.StripeClient) -> Intents:
    return cast("Any", client.v1.payment_intents)


async def test_is_paid_at_once_with_a_good_card(intents: Intents) -> None:
    intent = await intents.create_async(paying(expand=["latest_charge"]))
    charge = intent.latest_charge
    assert intent.status == "succeeded"
    assert (intent.amount_received, intent.amount_capturable) == (1099, 0)
    assert (charge.status, charge.paid, charge.captured, charge.amount_captured) == ("succeeded", True, True, 1099)
    assert (charge.payment_method_details.card.brand, charge.payment_method_details.card.last4) == ("visa", "4242")
    assert (charge.outcome.type, charge.outcome.risk_level, charge.outcome.risk_score) == ("authorized", "normal", 20)


async def test_goes_step_by_step(intents: Intents) -> None:
    created = await intents.create_async({"amount": 1099, "currency": "usd"})
    assert created.status == "requires_payment_method"
    chosen = await intents.update_async(created.id, {"payment_method": "pm_card_visa"})
    assert chosen.status == "requires_confirmation"
    paid = await intents.confirm_async(created.id, {"return_url": RETURN_URL})
    assert paid.status == "succeeded"


async def test_is_captured_later_in_full_or_in_part(intents: Intents, client: stripe.StripeClient) -> None:
    held = await intents.create_async(paying(capture_method="manual"))
    assert (held.status, held.amount_capturable, held.amount_received) == ("requires_capture", 1099, 0)
    with pytest.raises(stripe.InvalidRequestError) as too_much:
        await intents.capture_async(held.id, {"amount_to_capture": 1100})
    assert too_much.value.code == "amount_too_large"
    taken = await intents.capture_async(held.id, {"amount_to_capture": 1000, "expand": ["latest_charge"]})
    assert (taken.status, taken.amount_capturable, taken.amount_received) == ("succeeded", 0, 1000)
    charge = taken.latest_charge
    assert (charge.amount_captured, charge.amount_refunded, charge.refunded) == (1000, 99, False)
    released = (await client.v1.refunds.list_async({"charge": charge.id})).data
    assert [(refund.amount, refund.balance_transaction) for refund in released] == [(99, None)]


async def test_cancelling_an_authorisation_releases_it(intents: Intents, client: stripe.StripeClient) -> None:
    held = await intents.create_async(paying(capture_method="manual"))
    cancelled = await intents.cancel_async(
        held.id, {"cancellation_reason": "requested_by_customer", "expand": ["latest_charge"]}
    )
    assert (cancelled.status, cancelled.cancellation_reason) == ("canceled", "requested_by_customer")
    assert (cancelled.latest_charge.captured, cancelled.latest_charge.refunded) == (False, True)
    types = {event.type for event in (await client.v1.events.list_async()).data}
    assert {"payment_intent.canceled", "charge.refunded"} <= types


async def test_an_authorisation_expires_after_seven_days(
    intents: Intents, client: stripe.StripeClient, sandbox: StripeSandbox
) -> None:
    held = await intents.create_async(paying(capture_method="manual", expand=["latest_charge"]))
    assert held.latest_charge.payment_method_details.card.capture_before == held.created + 7 * 86_400
    sandbox.advance(7 * 86_400 - 1)
    assert (await intents.retrieve_async(held.id)).status == "requires_capture"
    sandbox.advance(1)
    expired = await intents.retrieve_async(held.id)
    assert (expired.status, expired.cancellation_reason) == ("canceled", "automatic")
    assert "charge.expired" in {event.type for event in (await client.v1.events.list_async()).data}


@pytest.mark.parametrize(
    ("status", "forbidden"),
    [
        ("succeeded", ["confirm", "capture", "cancel"]),
        ("canceled", ["confirm", "capture", "cancel"]),
        ("requires_payment_method", ["capture"]),
        ("requires_confirmation", ["capture"]),
        ("requires_action", ["capture"]),
        ("requires_capture", ["confirm"]),
    ],
)
async def test_refuses_what_its_status_does_not_allow(intents: Intents, status: str, forbidden: list[str]) -> None:
    made: dict[str, dict[str, object]] = {
        "succeeded": paying(),
        "canceled": {"amount": 1099, "currency": "usd"},
        "requires_payment_method": {"amount": 1099, "currency": "usd"},
        "requires_confirmation": {"amount": 1099, "currency": "usd", "payment_method": "pm_card_visa"},
        "requires_action": paying("pm_card_threeDSecure2Required"),
        "requires_capture": paying(capture_method="manual"),
    }
    intent = await intents.create_async(made[status])
    if status == "canceled":
        intent = await intents.cancel_async(intent.id)
    assert intent.status == status
    for action in forbidden:
        with pytest.raises(stripe.InvalidRequestError) as refused:
            await getattr(intents, f"{action}_async")(intent.id)
        assert refused.value.code == "payment_intent_unexpected_state"
        assert cast("Any", refused.value.json_body)["error"]["payment_intent"]["status"] == status


async def test_one_intent_has_many_charges(intents: Intents, client: stripe.StripeClient) -> None:
    intent = await intents.create_async({"amount": 1099, "currency": "usd"})
    for _ in range(2):
        with pytest.raises(stripe.CardError):
            await intents.confirm_async(
                intent.id, {"payment_method": "pm_card_visa_chargeDeclined", "return_url": RETURN_URL}
            )
        failed = await intents.retrieve_async(intent.id)
        assert (failed.status, failed.payment_method) == ("requires_payment_method", None)
        assert failed.last_payment_error.decline_code == "generic_decline"
    paid = await intents.confirm_async(intent.id, {"payment_method": "pm_card_visa", "return_url": RETURN_URL})
    assert (paid.status, paid.last_payment_error) == ("succeeded", None)
    charges = (await client.v1.charges.list_async({"payment_intent": intent.id})).data
    assert [charge.status for charge in charges] == ["succeeded", "failed", "failed"]
    assert paid.latest_charge == charges[0].id


async def test_confirming_without_a_return_url_is_refused_while_methods_may_redirect(intents: Intents) -> None:
    with pytest.raises(stripe.InvalidRequestError, match="return_url"):
        await intents.create_async(paying() | {"return_url": None})
    without_redirects = {"enabled": True, "allow_redirects": "never"}
    paid = await intents.create_async(paying(automatic_payment_methods=without_redirects) | {"return_url": None})
    assert paid.status == "succeeded"
    card_only = await intents.create_async(paying(allowed_payment_method_types=["card"]) | {"return_url": None})
    assert card_only.status == "succeeded"


@pytest.mark.parametrize(
    ("amount", "currency", "code"),
    [
        (49, "usd", "amount_too_small"),
        (49, "jpy", "amount_too_small"),
        (100_000_000, "usd", "amount_too_large"),
        (1001, "kwd", "invalid_amount"),
        (15050, "isk", "invalid_amount"),
        (0, "usd", "parameter_invalid_integer"),
        (100, "xxx", None),
    ],
)
async def test_refuses_amounts_that_cannot_be_charged(
    intents: Intents, amount: int, currency: str, code: str | None
) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refused:
        await intents.create_async({"amount": amount, "currency": currency})
    assert (refused.value.code, refused.value.http_status) == (code, 400)


async def test_lists_by_customer_and_time_newest_first(
    intents: Intents, client: stripe.StripeClient, time: Time
) -> None:
    customer = await client.v1.customers.create_async({"email": "ann@example.com"})
    made = []
    for _ in range(5):
        time.now += 10
        made.append((await intents.create_async({"amount": 500, "currency": "usd", "customer": customer.id})).id)
    await intents.create_async({"amount": 500, "currency": "usd"})
    listed = await intents.list_async({"customer": customer.id, "limit": 3})
    assert [intent.id for intent in listed.data] == made[:1:-1]
    assert listed.has_more is True
    rest = await intents.list_async({"customer": customer.id, "limit": 3, "starting_after": listed.data[-1].id})
    assert ([intent.id for intent in rest.data], rest.has_more) == (made[1::-1], False)
    previous = await intents.list_async({"customer": customer.id, "limit": 2, "ending_before": made[2]})
    assert [intent.id for intent in previous.data] == [made[4], made[3]]
    since = await intents.list_async({"customer": customer.id, "created": {"gte": int(time.now) - 10}})
    assert [intent.id for intent in since.data] == [made[4], made[3]]


async def test_search_finds_new_intents_only_after_a_delay(intents: Intents, sandbox: StripeSandbox) -> None:
    made = await intents.create_async({"amount": 500, "currency": "usd", "metadata": {"magento_order_id": "42"}})
    query = {"query": "metadata['magento_order_id']:'42' AND status:'requires_payment_method'"}
    assert (await intents.search_async(query)).data == []
    sandbox.advance(sandbox.config.search_delay)
    assert [found.id for found in (await intents.search_async(query)).data] == [made.id]
    assert (await intents.search_async({"query": "metadata['magento_order_id']:'43'"})).data == []


async def test_live_accounts_know_no_test_cards(sandbox: StripeSandbox) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refused:
        await cast("Any", sdk(sandbox, LIVE_KEY).v1.payment_intents).create_async(paying())
    assert (refused.value.code, refused.value.param) == ("resource_missing", "payment_method")


@pytest.mark.parametrize(
    "changes",
    [
        {"payment_method": "pm_unknown"},
        {"customer": "cus_unknown"},
        {"payment_method": "pm_usBankAccount"},
        {"return_url": None},
        {"statement_descriptor_suffix": "<x>"},
        {"statement_descriptor": "SHOP"},
        {"payment_method_options": {"card": {"moto": True}}},
    ],
)
async def test_a_refused_request_makes_nothing(
    intents: Intents, sandbox: StripeSandbox, changes: dict[str, object]
) -> None:
    with pytest.raises(stripe.InvalidRequestError):
        await intents.create_async(paying() | changes)
    assert len(sandbox.accounts["main"].payment_intents) == 0
    assert len(sandbox.accounts["main"].events) == 0


async def test_a_refused_change_changes_nothing(intents: Intents) -> None:
    made = await intents.create_async({"amount": 1099, "currency": "usd", "description": "before"})
    for changes in (
        {"amount": 2000, "description": "after", "statement_descriptor_suffix": "*"},
        {"amount": 2000, "customer": "cus_unknown"},
        {"amount": 2000, "payment_method": "pm_unknown"},
        {"amount": 1},
    ):
        with pytest.raises(stripe.InvalidRequestError):
            await intents.update_async(made.id, changes)
        assert (await intents.retrieve_async(made.id)).to_dict() == made.to_dict()


async def test_what_it_does_not_model_it_says(intents: Intents) -> None:
    with pytest.raises(stripe.InvalidRequestError, match="does not model") as refused:
        await intents.create_async(paying(transfer_data={"destination": "acct_1"}))
    assert refused.value.code == "sandbox_not_modelled"
