"""Does money go back once, never more than came in, and as the bank decides?"""

from typing import Any, cast

import pytest
import stripe

from sidecar.sandbox.stripe import StripeSandbox
from tests.sandbox.stripe.sdk import paying


class Shop:
    """Pays and refunds."""

    def __init__(self, client: stripe.StripeClient, sandbox: StripeSandbox) -> None:
        self.client = client
        self.sandbox = sandbox

    async def paid(self, payment_method: str = "pm_card_visa", **changes: object) -> Any:  # an SDK object
        return await cast("Any", self.client.v1.payment_intents).create_async(paying(payment_method, **changes))

    async def refund(self, **parameters: object) -> Any:  # an SDK object
        return await cast("Any", self.client.v1.refunds).create_async(parameters)

    async def charge(self, intent: str) -> Any:  # an SDK object
        return (await self.client.v1.charges.list_async({"payment_intent": intent})).data[0]

    async def types(self) -> list[str]:
        return [event.type for event in (await self.client.v1.events.list_async({"limit": 100})).data]


@pytest.fixture
def shop(client: stripe.StripeClient, sandbox: StripeSandbox) -> Shop:
    return Shop(client, sandbox)


async def test_part_after_part_until_nothing_is_left(shop: Shop) -> None:
    intent = await shop.paid()
    first = await shop.refund(payment_intent=intent.id, amount=99, metadata={"magento_creditmemo_id": "1"})
    assert (first.status, first.amount, first.charge) == ("succeeded", 99, intent.latest_charge)
    charge = await shop.charge(intent.id)
    assert (charge.amount_refunded, charge.refunded) == (99, False)
    rest = await shop.refund(charge=charge.id)
    assert rest.amount == 1000
    charge = await shop.charge(intent.id)
    assert (charge.amount_refunded, charge.refunded) == (1099, True)
    with pytest.raises(stripe.InvalidRequestError) as again:
        await shop.refund(payment_intent=intent.id)
    assert again.value.code == "charge_already_refunded"
    listed = (await shop.client.v1.refunds.list_async({"payment_intent": intent.id})).data
    assert [refund.id for refund in listed] == [rest.id, first.id]


@pytest.mark.parametrize(
    ("before", "amount", "words"),
    [(0, 1100, "greater than charge amount"), (600, 500, "greater than unrefunded amount")],
)
async def test_never_more_than_is_left(shop: Shop, before: int, amount: int, words: str) -> None:
    intent = await shop.paid()
    if before:
        await shop.refund(payment_intent=intent.id, amount=before)
    with pytest.raises(stripe.InvalidRequestError, match=words) as refused:
        await shop.refund(payment_intent=intent.id, amount=amount)
    assert (refused.value.code, refused.value.param) == ("amount_too_large", "amount")


@pytest.mark.parametrize("amount", [0, -5])
async def test_never_nothing(shop: Shop, amount: int) -> None:
    intent = await shop.paid()
    with pytest.raises(stripe.InvalidRequestError):
        await shop.refund(payment_intent=intent.id, amount=amount)


async def test_only_what_was_captured(shop: Shop) -> None:
    held = await shop.paid(capture_method="manual")
    for parameters in ({"payment_intent": held.id}, {"charge": held.latest_charge}):
        with pytest.raises(stripe.InvalidRequestError):
            await shop.refund(**parameters)
    await shop.client.v1.payment_intents.capture_async(held.id, {"amount_to_capture": 1000})
    assert (await shop.refund(payment_intent=held.id)).amount == 1000


async def test_a_refund_waits_for_the_bank(shop: Shop) -> None:
    intent = await shop.paid("pm_card_pendingRefund")
    refund = await shop.refund(payment_intent=intent.id)
    assert refund.status == "pending"
    shop.sandbox.advance(shop.sandbox.config.settlement_delay)
    assert (await shop.client.v1.refunds.retrieve_async(refund.id)).status == "succeeded"
    assert (await shop.types())[:2] == ["charge.refund.updated", "refund.updated"]


async def test_a_refund_fails_and_the_money_comes_back(shop: Shop) -> None:
    intent = await shop.paid("pm_card_refundFail")
    refund = await shop.refund(payment_intent=intent.id, amount=500)
    assert (refund.status, (await shop.charge(intent.id)).amount_refunded) == ("succeeded", 500)
    shop.sandbox.advance(shop.sandbox.config.settlement_delay)
    failed = await shop.client.v1.refunds.retrieve_async(refund.id)
    assert (failed.status, failed.failure_reason) == ("failed", "unknown")
    assert failed.failure_balance_transaction is not None
    assert (await shop.charge(intent.id)).amount_refunded == 0
    assert "refund.failed" in await shop.types()


async def test_cancelling_is_for_refunds_that_wait_for_the_shopper(shop: Shop) -> None:
    intent = await shop.paid()
    refund = await shop.refund(payment_intent=intent.id)
    with pytest.raises(stripe.InvalidRequestError, match="requires_action"):
        await shop.client.v1.refunds.cancel_async(refund.id)


async def test_metadata_changes_are_told(shop: Shop) -> None:
    intent = await shop.paid()
    refund = await shop.refund(payment_intent=intent.id)
    changed = await shop.client.v1.refunds.update_async(refund.id, {"metadata": {"magento_creditmemo_id": "7"}})
    assert changed.metadata is not None
    assert changed.metadata["magento_creditmemo_id"] == "7"
    assert (await shop.types())[:2] == ["charge.refund.updated", "refund.updated"]


async def test_a_charged_back_payment_is_not_refunded_besides(shop: Shop) -> None:
    intent = await shop.paid("pm_card_createDispute")
    with pytest.raises(stripe.InvalidRequestError) as refused:
        await shop.refund(payment_intent=intent.id)
    assert refused.value.code == "charge_disputed"


async def test_what_is_to_be_refunded_must_be_said_and_exist(shop: Shop) -> None:
    for parameters in ({}, {"payment_intent": "pi_x"}, {"charge": "ch_x"}):
        with pytest.raises(stripe.InvalidRequestError):
            await shop.refund(**parameters)
