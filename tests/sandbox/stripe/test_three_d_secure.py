"""Is the shopper asked when the bank wants it, and is the answer honoured?"""

from typing import Any, cast
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
import stripe

from sidecar.sandbox.stripe import StripeSandbox
from tests.sandbox.stripe.sdk import RETURN_URL, call, paying


async def create(client: stripe.StripeClient, **parameters: object) -> Any:  # an SDK object
    return await cast("Any", client.v1.payment_intents).create_async(parameters)


async def answer(sandbox: StripeSandbox, url: str, outcome: str) -> str:
    """Press a button on the bank's page; returns where it leads."""
    page, status, _ = await call(sandbox.app, "GET", url, {})
    assert (status, b'value="complete"' in page, b'value="fail"' in page) == (200, True, True)
    secret = parse_qs(urlsplit(url).query)["client_secret"][0]
    body = urlencode({"client_secret": secret, "outcome": outcome}).encode()
    _, status, headers = await call(sandbox.app, "POST", url, {}, body)
    assert status == 303
    return headers["location"]


@pytest.mark.parametrize(
    ("card", "outcome", "code"),
    [
        ("pm_card_threeDSecure2Required", "complete", None),
        ("pm_card_threeDSecure2Required", "fail", "payment_intent_authentication_failure"),
        ("pm_card_threeDSecureRequiredChargeDeclined", "complete", "card_declined"),
        ("pm_card_authenticationRequiredOnSetup", "complete", None),
    ],
)
async def test_the_shopper_is_asked_and_comes_back(
    client: stripe.StripeClient, sandbox: StripeSandbox, card: str, outcome: str, code: str | None
) -> None:
    status, redirect = ("succeeded", "succeeded") if code is None else ("requires_payment_method", "failed")
    intent = await create(client, **paying(card))
    assert (intent.status, intent.next_action.type) == ("requires_action", "redirect_to_url")
    assert intent.next_action.redirect_to_url.return_url == RETURN_URL
    back = await answer(sandbox, intent.next_action.redirect_to_url.url, outcome)
    assert back.startswith(f"{RETURN_URL}?")
    query = parse_qs(urlsplit(back).query)
    assert (query["payment_intent"], query["redirect_status"]) == ([intent.id], [redirect])
    ended = await client.v1.payment_intents.retrieve_async(intent.id, {"expand": ["latest_charge"]})
    assert (ended.status, ended.next_action) == (status, None)
    assert (ended.last_payment_error.code if ended.last_payment_error else None) == code
    if status == "succeeded":
        details = cast("Any", ended.latest_charge).payment_method_details.card.three_d_secure
        assert (details.result, details.version) == ("authenticated", "2.2.0")


async def test_the_page_needs_the_client_secret(client: stripe.StripeClient, sandbox: StripeSandbox) -> None:
    intent = await create(client, **paying("pm_card_threeDSecure2Required"))
    url = f"http://stripe.test/3d_secure/main/{intent.id}"
    assert (await call(sandbox.app, "GET", f"{url}?client_secret=wrong", {}))[1] == 404
    assert (await call(sandbox.app, "POST", url, {}, b"outcome=complete&client_secret=wrong"))[1] == 404
    assert (await client.v1.payment_intents.retrieve_async(intent.id)).status == "requires_action"


@pytest.mark.parametrize(
    "card",
    ["pm_card_authenticationRequired", "pm_card_threeDSecure2Required", "pm_card_authenticationRequiredOnSetup"],
)
async def test_off_session_it_is_a_decline(client: stripe.StripeClient, card: str) -> None:
    with pytest.raises(stripe.CardError) as declined:
        await create(client, **paying(card, off_session=True))
    assert declined.value.code == "authentication_required"
    error = cast("dict[str, Any]", declined.value.json_body)["error"]
    assert (error["decline_code"], error["payment_intent"]["status"]) == (
        "authentication_required",
        "requires_payment_method",
    )


async def test_a_card_set_up_for_it_pays_off_session(client: stripe.StripeClient, sandbox: StripeSandbox) -> None:
    customer = (await client.v1.customers.create_async()).id
    first = await create(
        client, **paying("pm_card_authenticationRequiredOnSetup", customer=customer, setup_future_usage="off_session")
    )
    await answer(sandbox, first.next_action.redirect_to_url.url, "complete")
    saved = (await client.v1.payment_methods.list_async({"customer": customer})).data[0].id
    later = await create(client, **paying(saved, customer=customer, off_session=True))
    assert later.status == "succeeded"


async def test_an_error_can_be_had_instead_of_an_action(client: stripe.StripeClient) -> None:
    with pytest.raises(stripe.CardError) as declined:
        await create(client, **paying("pm_card_threeDSecure2Required", error_on_requires_action=True))
    assert declined.value.code == "authentication_required"


async def test_without_a_return_url_it_is_left_to_stripe_js(client: stripe.StripeClient) -> None:
    intent = await create(client, **paying("pm_card_threeDSecure2Required", use_stripe_sdk=True))
    assert intent.next_action.type == "use_stripe_sdk"


async def test_authentication_can_be_asked_for(client: stripe.StripeClient) -> None:
    options = {"card": {"request_three_d_secure": "any"}}
    assert (await create(client, **paying("pm_card_threeDSecureOptional"))).status == "succeeded"
    asked = await create(client, **paying("pm_card_threeDSecureOptional", payment_method_options=options))
    assert asked.status == "requires_action"


async def test_another_card_can_be_tried_while_the_bank_waits(client: stripe.StripeClient) -> None:
    intent = await create(client, **paying("pm_card_threeDSecure2Required"))
    paid = await client.v1.payment_intents.confirm_async(intent.id, {"payment_method": "pm_card_visa"})
    assert (paid.status, paid.next_action) == ("succeeded", None)
