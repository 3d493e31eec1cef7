"""What happens without anybody doing anything: windows close, and events that never came are found."""

import asyncio

import pytest

from sidecar.sandbox.demo.stage import Plan, set_stage
from tests.acceptance.play import playing


@pytest.mark.timeout(180)
async def test_an_order_that_nobody_pays_is_closed_in_stripe_and_cancelled(
    broker_url: str, store_server_url: str
) -> None:
    plan = Plan(disorder=0, payment_window=3)
    async with set_stage(broker_url, store_server_url, plan) as stage, playing(stage) as play:
        unpaid = await play.place(None)
        paid = await play.place()
        seen = await play.when(unpaid, lambda order: order.payment_link is not None)
        assert seen.payment_link is not None
        await play.when(unpaid, lambda order: order.state == "canceled")
        assert {intent.status for intent in await play.intents_of(unpaid)} == {"canceled"}
        session = seen.payment_link.checkout_session_id or ""
        answer = await play.in_dashboard("checkout_sessions", session, "pay", card="4242424242424242")
        assert answer.is_error
        await play.paid(paid)
        await play.agrees(unpaid, paid)
        assert await play.parked() == 0


@pytest.mark.timeout(180)
async def test_webhooks_that_are_lost_are_caught_up_with(broker_url: str, store_server_url: str) -> None:
    plan = Plan(roles=("run", "timers"), disorder=0)  # no bridge: every webhook is lost
    async with set_stage(broker_url, store_server_url, plan) as stage, playing(stage) as play:
        order = await play.place(None)
        seen = await play.when(order, lambda found: found.payment_link is not None)
        assert seen.payment_link is not None
        session = seen.payment_link.checkout_session_id or ""
        await play.in_dashboard("checkout_sessions", session, "pay", card="4242424242424242")
        async with asyncio.timeout(60):
            await play.paid(order)
        await play.agrees(order)
