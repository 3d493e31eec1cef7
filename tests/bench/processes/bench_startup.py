"""How long `sidecar run` takes from its start to its first message, beside what Python needs to import the drivers."""

import asyncio
import resource
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from sidecar.sandbox.demo.stage import Plan, Stage, role, set_stage
from tests.bench.bench import Bench, Run, interleave
from tests.bench.figures import Contender, Figure, Goal

DRIVERS = "aio_pika, aiohttp, aiomysql, cryptography, httpx, prometheus_client, pydantic, stripe, structlog, uvloop"
LOOK_EVERY = 0.005
PATIENCE = 60


@dataclass(frozen=True, slots=True)
class Size:
    """Nothing is larger or smaller about a start."""


_Taken = tuple[float, float, float]
_NAMES = ("until it consumes", "until its first order is paid", "start, one order and end")


async def measure(size: Size, run: Run) -> Sequence[Figure]:
    """Start it while an order waits in its queue, and look when it consumes and when the order is done with."""
    del size
    async with _opened(run) as (stage, http):
        turns: dict[str, Callable[[], Awaitable[_Taken]]] = {
            "sidecar run": lambda: _sidecar(stage, http),
            "Python imports the drivers": lambda: _python(f"import {DRIVERS}"),
            "Python starts": lambda: _python("pass"),
        }
        for warm in turns.values():
            await warm()
        taken = await interleave(turns, run.rounds, lambda name: turns[name]())
    figures = []
    for nth, name in enumerate(_NAMES):
        contenders = tuple(
            Contender(
                name=who, role="ours" if who == "sidecar run" else "floor", samples=tuple(each[nth] for each in rounds)
            )
            for who, rounds in taken.items()
        )
        goals = (Goal(at_most=1.0),) if nth == 0 else ()
        figures.append(
            Figure(
                name=name, unit="s" if nth < len(_NAMES) - 1 else "s of processor", contenders=contenders, goals=goals
            )
        )
    return figures


@asynccontextmanager
async def _opened(run: Run) -> AsyncIterator[tuple[Stage, httpx.AsyncClient]]:
    plan = Plan(roles=(), disorder=0)
    async with (
        set_stage(run.broker_url, run.store_url, plan) as stage,
        httpx.AsyncClient(timeout=30, trust_env=False) as http,
    ):
        yield stage, http


async def _sidecar(stage: Stage, http: httpx.AsyncClient) -> _Taken:
    payment = {"method": "sidecar_stripe", "payment_method": "pm_card_visa"}
    order = {"lines": [{"price": "19.99", "qty": 2}], "payment": payment}
    (await http.post(f"{stage.magento_url}/_sandbox/orders", json=order)).raise_for_status()
    log = stage.folder / "run.log"
    log.unlink(missing_ok=True)
    began, before = time.perf_counter(), _processor()
    async with role(stage, "run"):
        consumes = await _says(log, b"consuming", began)
        paid = await _says(log, b"message done", began)
    return consumes, paid, _processor() - before


async def _says(log: Path, word: bytes, began: float) -> float:
    async with asyncio.timeout(PATIENCE):
        while not log.exists() or word not in log.read_bytes():  # noqa: ASYNC110, ASYNC240  # a file tells nobody
            await asyncio.sleep(LOOK_EVERY)
    return time.perf_counter() - began


async def _python(code: str) -> _Taken:
    began, before = time.perf_counter(), _processor()
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", code)
    if await process.wait():
        raise RuntimeError(f"{code!r} failed")
    took = time.perf_counter() - began
    return took, took, _processor() - before


def _processor() -> float:
    """Seconds that processes took which we started and which have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


BENCH = Bench(
    about="how soon `sidecar run` works, against Python that imports the same drivers",
    measure=measure,
    quick=Size(),
    full=Size(),
)
