"""The broker and the database are killed under the sidecar and come back."""

import asyncio

import pytest

from sidecar.sandbox.demo.stage import Plan, set_stage
from tests.acceptance.play import playing
from tests.services.server import Server


@pytest.mark.timeout(400)
async def test_a_broker_and_a_database_that_die_and_come_back(private_broker: Server, private_store: Server) -> None:
    plan = Plan(roles=("bridge", "run"), disorder=0)
    async with set_stage(private_broker.url, private_store.url, plan) as stage, playing(stage) as play:
        orders = [await play.place() for _ in range(5)]
        for order in orders:
            await play.paid(order)
        for server in (private_broker, private_store):
            orders += [await play.place() for _ in range(3)]  # perhaps half done when the server dies
            await asyncio.to_thread(server.kill)
            await asyncio.to_thread(server.start)
            orders.append(await play.place_when_it_can())
            for order in orders:
                await play.paid(order)
        await play.agrees(*orders)
        for order in orders:
            assert len(await play.intents_of(order)) == 1
        assert await play.parked() == 0
