"""`sidecar status` and what the processes say of themselves, with real processes and an upstream that goes away."""

import asyncio
import json
import os
import sys
from typing import Any

import httpx

from sidecar.sandbox.demo.stage import Plan, Stage, set_stage
from tests.acceptance.play import Play, playing


async def status(stage: Stage) -> dict[str, Any]:
    ended = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "sidecar", "status", "--json"),
        env=os.environ | {"SIDECAR_CONFIG": str(stage.config)},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, errors = await ended.communicate()
    assert ended.returncode == 0, errors
    found: dict[str, Any] = json.loads(out)
    return found


async def metrics(stage: Stage) -> str:
    async with httpx.AsyncClient(trust_env=False) as http:
        return (await http.get(f"{stage.metrics_url}/metrics")).text


async def ready(stage: Stage) -> httpx.Response:
    async with httpx.AsyncClient(trust_env=False) as http:
        return await http.get(f"{stage.metrics_url}/readyz")


async def circuit_is(stage: Stage, state: str) -> None:
    wanted = f'sidecar_circuit_state{{circuit="stripe:main/test",state="{state}"}} 1.0'
    async with asyncio.timeout(60):
        while wanted not in await metrics(stage):  # noqa: ASYNC110  # what is looked at is another process's
            await asyncio.sleep(0.1)


async def test_an_outage_of_stripe_is_seen_burns_no_attempt_and_ends_by_itself(
    broker_url: str, store_server_url: str
) -> None:
    plan = Plan(roles=("bridge", "run"), disorder=0, stripe_timeout=2)
    async with set_stage(broker_url, store_server_url, plan) as stage, playing(stage) as play:
        usual = await status(stage)
        assert {each["circuit"]: each["state"] for each in usual["circuits"]} == {
            "stripe:main/test": "closed",
            "magento-rest:main": "closed",
        }
        assert len(usual["alive"]["run orders"]) == 1
        assert usual["backlog"] == 0
        await play.stripe_fails("status", "*", status=503, times=None)
        orders = [await play.place() for _ in range(12)]
        await circuit_is(stage, "open")
        page = await ready(stage)
        assert page.status_code == 200  # leaving a queue alone is what it should do
        assert page.json()["circuits"]["stripe:main/test"] in {"open", "half_open"}
        await _until_shut(stage)
        orders += [await play.place() for _ in range(6)]
        down = await status(stage)
        (stripe,) = [each for each in down["circuits"] if each["circuit"] == "stripe:main/test"]
        assert stripe["state"] in {"open", "half_open"}
        assert stripe["reason"] == "http_503"
        assert down["backlog"] > 0
        await _stripe_is_back(play)
        for order in orders:
            await play.paid(order)
        await circuit_is(stage, "closed")
        await play.agrees(*orders)
        assert await play.parked() == 0
        after = await status(stage)
        assert after["parked"] == []


async def _until_shut(stage: Stage) -> None:
    async with asyncio.timeout(60):
        while (await ready(stage)).json()["intake"]["orders"] not in {"shut", "probe"}:  # noqa: ASYNC110
            await asyncio.sleep(0.05)


async def _stripe_is_back(play: Play) -> None:
    answer = await play.http.delete(f"{play.stage.stripe_url}/_sandbox/faults")
    answer.raise_for_status()
