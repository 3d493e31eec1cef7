"""The consumers are killed between any two steps of giving money back; afterwards it went back once, both ways."""

import asyncio
import signal

import pytest

from sidecar.sandbox.demo.people import OrderSeen
from sidecar.sandbox.demo.stage import Plan, role, set_stage
from tests.acceptance.play import Play, playing

FROM_MAGENTO, FROM_STRIPE = 3, 2
"""A credit memo takes three effects: refund, memo told, event. A refund made in Stripe takes two: memo made, event."""


def points(effects: int) -> list[str]:
    steps = [
        f"{place}:{number}"
        for number in range(1, effects + 1)
        for place in ("after_begin", "after_effect", "after_close")
    ]
    return ["after_observe", *steps, "after_inbox", "before_settle", "after_settle"]


async def killed_at(play: Play, point: str) -> None:
    async with role(play.stage, "run", SIDECAR_CRASH_AT=point) as consumers, asyncio.timeout(60):
        assert await consumers.wait() == -signal.SIGKILL, f"nothing passed {point}"


def given_back(order: OrderSeen) -> bool:
    statuses = [status for memo in order.creditmemos for status in memo.refunds.values()]
    return statuses == ["succeeded"] and order.creditmemos[0].state == "refunded"


# One stage for each, since the broker parks a message that takes its consumer down twenty times.
@pytest.mark.parametrize(("made_in", "effects"), [("Magento", FROM_MAGENTO), ("Stripe", FROM_STRIPE)])
@pytest.mark.timeout(500)
async def test_killed_anywhere_money_goes_back_once(
    broker_url: str, store_server_url: str, made_in: str, effects: int
) -> None:
    plan = Plan(roles=("bridge",), disorder=0.3)
    async with set_stage(broker_url, store_server_url, plan) as stage, playing(stage) as play:
        places = points(effects)
        async with role(stage, "run"):
            orders = [await play.place() for _ in places]
            for order in orders:
                await play.paid(order)
        for order, point in zip(orders, places, strict=True):
            if made_in == "Magento":
                await play.refund_in_magento(order, qty=1)
            else:
                await play.refund_in_dashboard(order, 1999)
            await killed_at(play, point)
        async with role(stage, "run"):
            for order in orders:
                await play.when(order, given_back)
            await play.agrees(*orders)
            assert len(await play.refunds()) == len(orders)
            assert await play.parked() == 0
