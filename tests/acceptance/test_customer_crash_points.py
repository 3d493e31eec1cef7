"""The consumers are killed between any two steps; afterwards each account has one customer, and both sides agree."""

import asyncio
import signal

import pytest

from schemas.ids import MagentoCustomerId
from sidecar.sandbox.demo.stage import Plan, role, set_stage
from tests.acceptance.play import Play, playing

FIRST_ORDER = 4
"""Effects of an account and its first order at once: customer, intent, capture, event."""
BOTH_EDITED = 2
"""Effects of an account that is edited on both sides: one on each."""


def points(effects: int) -> list[str]:
    steps = [
        f"{place}:{number}"
        for number in range(1, effects + 1)
        for place in ("after_begin", "after_effect", "after_close")
    ]
    return ["after_observe", *steps, "after_inbox", "before_settle", "after_settle"]


async def killed_at(play: Play, point: str) -> None:
    async with role(play.stage, "run", SIDECAR_CRASH_AT=point) as consumers, asyncio.timeout(90):
        assert await consumers.wait() == -signal.SIGKILL, f"nothing passed {point}"


async def register(play: Play, number: int) -> MagentoCustomerId:
    return await play.accounts.register(f"customer{number}@example.com", f"Customer Example{number}")


@pytest.mark.timeout(500)
async def test_an_account_and_its_first_order_make_one_customer(broker_url: str, store_server_url: str) -> None:
    plan = Plan(roles=("bridge",), disorder=0.3)
    async with set_stage(broker_url, store_server_url, plan) as stage, playing(stage) as play:
        orders: dict[MagentoCustomerId, int] = {}
        for number, point in enumerate(points(FIRST_ORDER)):
            account = await register(play, number)
            orders[account] = await play.place(customer_id=account, email=f"customer{number}@example.com")
            await killed_at(play, point)
        async with role(stage, "run"):
            for order in orders.values():
                await play.paid(order)
            seen = await play.accounts.agree(orders)
            await play.agrees(*orders.values())
            assert len(await play.accounts.in_stripe()) == len(orders)
            for account, order in orders.items():
                (intent,) = await play.intents_of(order)
                assert intent.customer == seen[account].customers[0].id
            assert await play.parked() == 0


@pytest.mark.timeout(500)
async def test_what_is_edited_on_both_sides_comes_to_both(broker_url: str, store_server_url: str) -> None:
    plan = Plan(roles=("bridge",), disorder=0.3)
    async with set_stage(broker_url, store_server_url, plan) as stage, playing(stage) as play:
        places = points(BOTH_EDITED)
        async with role(stage, "run"):
            accounts = [await register(play, number) for number in range(len(places))]
            await play.accounts.agree(accounts)
        for number, (account, point) in enumerate(zip(accounts, places, strict=True)):
            await play.accounts.edit_in_shop(account, name=f"Customer Changed{number}")
            await play.accounts.edit_in_stripe(account, {"phone": f"55502{number:02}"})
            await killed_at(play, point)
        async with role(stage, "run"):
            seen = await play.accounts.agree(
                accounts,
                lambda each: each.account.lastname.startswith("Changed") and (each.phone or "").startswith("55502"),
            )
            assert [seen[account].phone for account in accounts] == [f"55502{n:02}" for n in range(len(accounts))]
            assert len(await play.accounts.in_stripe()) == len(accounts)
            assert await play.parked() == 0
