"""The consumers are killed between any two steps; afterwards every order is paid once."""

import asyncio
import signal

import pytest

from sidecar.sandbox.demo.stage import Plan, role, set_stage
from tests.acceptance.play import playing

EFFECTS = 4
"""A card payment takes four: customer, intent, capture, event."""

POINTS = [
    "after_observe",
    *(
        f"{place}:{number}"
        for number in range(1, EFFECTS + 1)
        for place in ("after_begin", "after_effect", "after_close")
    ),
    "after_inbox",
    "before_settle",
    "after_settle",
]


@pytest.mark.timeout(300)
async def test_killed_anywhere_every_order_is_paid_once(broker_url: str, store_server_url: str) -> None:
    plan = Plan(roles=("bridge",), disorder=0.3)
    async with set_stage(broker_url, store_server_url, plan) as stage, playing(stage) as play:
        orders = []
        for point in POINTS:
            orders.append(await play.place())
            async with role(stage, "run", SIDECAR_CRASH_AT=point) as consumers, asyncio.timeout(60):
                assert await consumers.wait() == -signal.SIGKILL, f"nothing passed {point}"
        async with role(stage, "run"):
            for order in orders:
                await play.paid(order)
            await play.agrees(*orders)
            for order in orders:
                assert len(await play.intents_of(order)) == 1
            assert await play.parked() == 0
