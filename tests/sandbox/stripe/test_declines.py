"""Does each documented card fail as the documentation says?"""

from typing import Any, cast

import pytest
import stripe

from sidecar.sandbox.stripe import StripeSandbox
from sidecar.sandbox.stripe.test_cards import DOCUMENTED
from tests.sandbox.stripe.sdk import RETURN_URL, paying

DECLINES = [
    ("pm_card_visa_chargeDeclined", "card_declined", "generic_decline", "try_again_later"),
    ("pm_card_visa_chargeDeclinedInsufficientFunds", "card_declined", "insufficient_funds", "try_again_later"),
    ("pm_card_visa_chargeDeclinedLostCard", "card_declined", "lost_card", "do_not_try_again"),
    ("pm_card_visa_chargeDeclinedStolenCard", "card_declined", "stolen_card", "do_not_try_again"),
    ("pm_card_chargeDeclinedExpiredCard", "expired_card", "expired_card", "do_not_try_again"),
    ("pm_card_chargeDeclinedIncorrectCvc", "incorrect_cvc", "incorrect_cvc", "confirm_card_data"),
    ("pm_card_chargeDeclinedProcessingError", "processing_error", "processing_error", "try_again_later"),
    ("pm_card_radarBlock", "card_declined", "fraudulent", "do_not_try_again"),
    ("pm_card_riskLevelHighest", "card_declined", "fraudulent", "do_not_try_again"),
]


async def declined(client: stripe.StripeClient, **parameters: object) -> tuple[stripe.CardError, dict[str, Any]]:
    with pytest.raises(stripe.CardError) as caught:
        await cast("Any", client.v1.payment_intents).create_async(parameters)
    return caught.value, cast("dict[str, Any]", caught.value.json_body)["error"]


@pytest.mark.parametrize(("card", "code", "decline_code", "advice"), DECLINES)
async def test_a_declined_card_is_a_402_that_explains_itself(
    client: stripe.StripeClient, card: str, code: str, decline_code: str, advice: str
) -> None:
    raised, error = await declined(client, **paying(card))
    assert raised.http_status == 402
    assert (error["type"], error["code"], error["decline_code"], error["advice_code"]) == (
        "card_error",
        code,
        decline_code,
        advice,
    )
    assert error["doc_url"].startswith("https://stripe.com/docs/error-codes/")
    assert error["payment_intent"]["status"] == "requires_payment_method"
    assert error["payment_intent"]["last_payment_error"]["decline_code"] == decline_code
    charge = await client.v1.charges.retrieve_async(error["charge"])
    assert (charge.status, charge.paid, charge.captured, charge.failure_code) == ("failed", False, False, code)
    assert charge.outcome is not None
    blocked = decline_code == "fraudulent"
    assert charge.outcome.type == ("blocked" if blocked else "issuer_declined")
    assert charge.outcome.risk_level == ("highest" if blocked else "normal")
    types = [event.type for event in (await client.v1.events.list_async()).data]
    assert types == ["payment_intent.payment_failed", "charge.failed", "payment_intent.created"]


async def test_an_elevated_risk_pays(client: stripe.StripeClient) -> None:
    intent = await cast("Any", client.v1.payment_intents).create_async(
        paying("pm_card_riskLevelElevated", expand=["latest_charge"])
    )
    assert (intent.status, intent.latest_charge.outcome.risk_level) == ("succeeded", "elevated")


async def test_a_card_that_declines_is_not_attached(client: stripe.StripeClient) -> None:
    customer = await client.v1.customers.create_async()
    with pytest.raises(stripe.CardError):
        await client.v1.payment_methods.attach_async("pm_card_visa_chargeDeclined", {"customer": customer.id})
    failing_later = await client.v1.payment_methods.attach_async(
        "pm_card_chargeCustomerFail", {"customer": customer.id}
    )
    _, error = await declined(client, **paying(failing_later.id, customer=customer.id))
    assert error["code"] == "card_declined"


async def test_a_dispute_and_a_fraud_warning_follow_their_cards(client: stripe.StripeClient) -> None:
    create = cast("Any", client.v1.payment_intents).create_async
    disputed = await create(paying("pm_card_createDispute", expand=["latest_charge"]))
    assert disputed.latest_charge.disputed is True
    disputes = (await client.v1.disputes.list_async({"payment_intent": disputed.id})).data
    assert [(dispute.amount, dispute.status) for dispute in disputes] == [(1099, "needs_response")]
    warned = await create(paying("pm_card_createIssuerFraudRecord"))
    warnings = (await client.v1.radar.early_fraud_warnings.list_async({"payment_intent": warned.id})).data
    assert [warning.actionable for warning in warnings] == [True]


@pytest.mark.parametrize("token", sorted(DOCUMENTED.by_id))
async def test_every_documented_method_ends_somewhere_legal(
    client: stripe.StripeClient, sandbox: StripeSandbox, token: str
) -> None:
    parameters = {"amount": 1099, "currency": "usd", "payment_method": token}
    intent = await cast("Any", client.v1.payment_intents).create_async(parameters)
    mandate = {"customer_acceptance": {"type": "offline"}}
    try:
        confirmed = await cast("Any", client.v1.payment_intents).confirm_async(
            intent.id, {"return_url": RETURN_URL, "mandate_data": mandate}
        )
    except stripe.CardError:
        confirmed = await client.v1.payment_intents.retrieve_async(intent.id)
    method = DOCUMENTED.by_id[token]
    if method.type == "us_bank_account":
        expected = "processing"
    elif method.authentication in {"always", "unless_set_up", "already_set_up"}:
        expected = "requires_action"
    else:
        expected = "succeeded" if method.decline is None else "requires_payment_method"
    assert confirmed.status == expected
    sandbox.advance(sandbox.config.settlement_delay)
    settled = (await client.v1.payment_intents.retrieve_async(intent.id)).status
    assert settled == {"succeeded": "succeeded", "failed": "requires_payment_method"}.get(method.settles, expected) or (
        expected != "processing" and settled == expected
    )
