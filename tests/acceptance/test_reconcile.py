"""What was lost on the way is found, and mended by the usual effects."""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
import pytest_asyncio

from sidecar.sandbox.demo.stage import STRIPE_KEY, Plan, Stage, set_stage
from tests.acceptance import damage
from tests.acceptance.play import Play, playing

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(180), pytest.mark.xdist_group("reconcile")]


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def play(broker_url: str, store_server_url: str) -> AsyncIterator[Play]:
    plan = Plan(roles=("bridge", "run"), disorder=0)
    async with set_stage(broker_url, store_server_url, plan) as stage, playing(stage) as found:
        yield found


async def reconcile(stage: Stage, *options: str) -> dict[str, Any]:
    """What `sidecar reconcile orders --json` prints."""
    running = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "sidecar", "reconcile", "orders", "--json", "--grace", "0s", *options,
        env=os.environ | {"SIDECAR_CONFIG": str(stage.config)},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    printed, said = await running.communicate()
    assert running.returncode in {0, 1}, said.decode()
    found: dict[str, Any] = json.loads(printed)
    assert running.returncode == (1 if found["drift"] else 0)
    return found


async def unpaid(play: Play) -> int:
    """An order that shows a way to pay."""
    order = await play.place(None)
    await play.when(order, lambda seen: seen.payment_link is not None)
    return order


async def paid(play: Play) -> int:
    order = await play.place()
    await play.paid(order)
    return order


async def reserved(play: Play) -> int:
    order = await play.place(store_code="wholesale")
    await play.when(order, lambda seen: seen.state == "processing")
    return order


async def nothing_more(_stage: Stage, _order: int) -> None:
    """It is enough to have prepared it."""


async def paid_by_hand(play: Play) -> int:
    """Somebody makes a second payment for the order in Stripe, and pays it."""
    order = await paid(play)
    answer = await play.http.post(
        f"{play.stage.stripe_url}/v1/payment_intents",
        data={
            "amount": "3998", "currency": "usd", "payment_method": "pm_card_visa", "confirm": "true",
            "return_url": "http://127.0.0.1/back", "metadata[magento_instance]": "main",
            "metadata[magento_order_id]": str(order),
        },
        headers={"Authorization": f"Bearer {STRIPE_KEY}"},
    )  # fmt: skip
    answer.raise_for_status()
    return order


Prepare = Callable[[Play], Awaitable[int]]
Damage = Callable[[Stage, int], Awaitable[None]]

DRIFTS: dict[str, tuple[Prepare, Damage]] = {
    "Magento lost a payment": (paid, damage.magento_forgets_the_payment),
    "Magento lost a reservation": (reserved, damage.magento_forgets_the_payment),
    "cancelled without an event, unpaid": (unpaid, damage.magento_cancels_silently),
    "cancelled without an event, paid": (paid, damage.magento_cancels_silently),
    "the sidecar lost a payment": (paid, damage.sidecar_forgets_the_payment),
    "the sidecar lost an unpaid order": (unpaid, damage.sidecar_forgets_the_order),
    "the sidecar lost a paid order": (paid, damage.sidecar_forgets_the_order),
    "an effect was left open": (paid, damage.sidecar_dies_in_an_effect),
}


async def test_what_stands_as_it_should_is_no_drift(play: Play) -> None:
    for make in (paid, unpaid, reserved):
        await make(play)
    found = await reconcile(play.stage)
    assert found["checked"] >= 3
    assert (found["drift"], found["orders"]) == (0, [])


@pytest.mark.parametrize(("prepare", "harm"), DRIFTS.values(), ids=DRIFTS)
async def test_a_drift_is_found_and_mended(play: Play, prepare: Prepare, harm: Damage) -> None:
    order = await prepare(play)
    await harm(play.stage, order)
    found = await reconcile(play.stage, "--dry-run")
    assert [each["order"] for each in found["orders"]] == [f"main/{order}"]
    assert {each["ending"] for each in found["orders"]} == {"found"}
    mended = await reconcile(play.stage, "--repair")
    assert {each["ending"] for each in mended["orders"]} <= {"repaired", "asked"}, mended
    async with asyncio.timeout(60):
        while (await reconcile(play.stage))["drift"]:  # what Magento was asked to publish again is on its way
            pass
    await play.agrees(order)
