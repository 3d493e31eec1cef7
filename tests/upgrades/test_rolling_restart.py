"""Replicas are replaced one after the other while orders come in."""

import asyncio
from contextlib import AbstractAsyncContextManager, AsyncExitStack

import pytest

from sidecar.sandbox.demo.stage import Plan, Stage, role, set_stage
from tests.acceptance.play import Play, playing

WAVES = 3
ORDERS_A_WAVE = 6


@pytest.mark.timeout(400)
async def test_replacing_one_replica_after_the_other_under_load_loses_nothing(
    broker_url: str, store_server_url: str
) -> None:
    plan = Plan(roles=("bridge",), disorder=0.3)
    async with set_stage(broker_url, store_server_url, plan) as stage, playing(stage) as play:
        placed: list[int] = []
        old = [AsyncExitStack() for _ in range(2)]
        for stack in old:
            await stack.enter_async_context(_replica(stage))
        for _ in range(WAVES):
            new = []
            for stack in old:
                placing = asyncio.create_task(_place(play, placed))
                successor = AsyncExitStack()
                await successor.enter_async_context(_replica(stage))
                await stack.aclose()  # SIGTERM in the middle of the load, and then its end
                await placing
                new.append(successor)
            old = new
        for order in placed:
            await play.paid(order)
        await play.agrees(*placed)
        for order in placed:
            assert len(await play.intents_of(order)) == 1
        assert await play.parked() == 0
        for stack in old:
            await stack.aclose()
    assert len(placed) == WAVES * 2 * ORDERS_A_WAVE


def _replica(stage: Stage) -> AbstractAsyncContextManager[object]:
    return role(stage, "run", SIDECAR_RUNTIME__HTTP_PORT="0")


async def _place(play: Play, placed: list[int]) -> None:
    placed += [await play.place() for _ in range(ORDERS_A_WAVE)]
