"""A message's cost with years of history in the store, beside its cost with next to none."""

import asyncio
import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from unittest import mock

import aiomysql
import httpx
from prometheus_client import CollectorRegistry
from yarl import URL

from sidecar.adapters.broker_amqp.consume import ConsumeOptions, consume
from sidecar.adapters.store_sql.pool import Session
from sidecar.compose import OpenPorts, open_ports
from sidecar.discovery import consumers_named
from sidecar.observability.logs import configure_logs
from sidecar.observability.metrics import Metrics
from sidecar.ports.delivery import QueuedDelivery
from sidecar.runtime.worker import Worker, WorkerOptions
from sidecar.sandbox.demo.stage import Plan, Stage, set_stage
from sidecar.settings.load import load_settings
from sidecar.topology import Names
from tests.bench.bench import Bench, Run, interleave
from tests.bench.figures import Contender, Figure, Goal
from tests.bench.growth.history import fill
from tests.services.private import private_store

BUFFER_POOL = 1_536 * 2**20
"""Bytes: less than ten million rows take, as in a shop that has been open for years."""
LITTLE = 10_000


@dataclass(frozen=True, slots=True)
class Size:
    """How much is measured.

    Attributes:
        rows: of history, in all of the store's tables together.
        orders: in a turn, one after the other.
    """

    rows: tuple[int, ...]
    orders: int


@dataclass(frozen=True, slots=True)
class Cost:
    """Milliseconds that an order's message took in the median of a turn, and of these in the store's statements."""

    message: float
    statements: float


async def measure(size: Size, run: Run) -> Sequence[Figure]:
    """An order from a message to its payment on Magento's books, at each size in turn."""
    configure_logs("error")
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="sidecar-growth-")))
        server = private_store(folder / "mariadb")
        stack.callback(server.remove)
        await asyncio.to_thread(server.start)
        await _execute(server.url, f"SET GLOBAL innodb_buffer_pool_size = {BUFFER_POOL}")
        await _execute(server.url, "SET GLOBAL innodb_log_file_size = 1073741824")
        opened: dict[int, _Shop] = {}
        for rows in (LITTLE, *size.rows):
            stage = await stack.enter_async_context(
                set_stage(run.broker_url, server.url, Plan(roles=(), disorder=0, rate_limited=False))
            )
            await _execute(server.url, "SET GLOBAL innodb_flush_log_at_trx_commit = 0")
            orders = await fill(
                stage.store_url, rows, datetime.now(UTC), told=lambda done, of: run.say(f"{done:,} of {of:,} orders")
            )
            await _execute(server.url, "SET GLOBAL innodb_flush_log_at_trx_commit = 2")
            run.say(f"{rows:,} rows of history: {orders:,} orders")
            opened[rows] = await stack.enter_async_context(_shop(stage))
        for shop in opened.values():
            await shop.orders(size.orders)
        costs = await interleave(opened, run.rounds, lambda rows: opened[rows].orders(size.orders))
    return [
        _figure("an order, from its message to paid", {rows: [each.message for each in costs[rows]] for rows in costs}),
        _figure("the store's statements of it", {rows: [each.statements for each in costs[rows]] for rows in costs}),
    ]


def _figure(name: str, samples: dict[int, list[float]]) -> Figure:
    most = max(samples)
    contenders = [
        Contender(name=f"{rows:,} rows", role="ours" if rows == most else "floor", samples=tuple(taken))
        for rows, taken in samples.items()
    ]
    goal = Goal(at_most=1.1, against=f"{LITTLE:,} rows")
    return Figure(name=name, unit="ms", contenders=tuple(contenders), goals=(goal,))


@dataclass(frozen=True, slots=True)
class _Shop:
    """A shop with its history, and what a consumer needs there."""

    stage: Stage
    http: httpx.AsyncClient
    ports: OpenPorts

    async def orders(self, number: int) -> Cost:
        """Place so many, and let `orders` pay them, one after the other."""
        payment = {"method": "sidecar_stripe", "payment_method": "pm_card_visa"}
        order = {"lines": [{"price": "19.99", "qty": 2}], "payment": payment}
        for _ in range(number):
            (await self.http.post(f"{self.stage.magento_url}/_sandbox/orders", json=order)).raise_for_status()
        (consumer,) = consumers_named(("orders",))
        worker = Worker(consumer, self.ports, Metrics(CollectorRegistry()), WorkerOptions())
        messages: list[float] = []
        statements: list[float] = []
        stop = asyncio.Event()

        async def receive(delivery: QueuedDelivery) -> None:
            began = time.perf_counter()
            with _statements_timed() as taken:
                await worker.handle(delivery)
            messages.append((time.perf_counter() - began) * 1000)
            statements.append(sum(taken) * 1000)
            if len(messages) == number:
                stop.set()

        async with asyncio.timeout(120):
            await consume(
                self.stage.broker_url,
                "orders",
                receive,
                stop,
                names=Names(self.stage.prefix),
                publisher=self.ports.publisher,
                clock=self.ports.clock,
                options=ConsumeOptions(prefetch=1),
                on_connected=_told,
            )
        return Cost(statistics.median(messages), statistics.median(statements))


async def _execute(url: str, statement: str) -> None:
    at = URL(url)
    connection = await aiomysql.connect(
        host=at.host, port=at.port or 3306, user=at.user, password=at.password or "", autocommit=True
    )
    async with connection.cursor() as cursor:
        await cursor.execute(statement)
    connection.close()


def _told(*, connected: bool) -> None:
    """Nobody waits for it."""


@asynccontextmanager
async def _shop(stage: Stage) -> AsyncIterator[_Shop]:
    settings = load_settings(stage.config, {})
    async with (
        httpx.AsyncClient(timeout=30, trust_env=False) as http,
        open_ports(settings, locks=4, part=1.0) as ports,
    ):
        yield _Shop(stage, http, ports)


@contextmanager
def _statements_timed() -> Iterator[list[float]]:
    """The seconds of each statement, from when it is sent to when its answer is read."""
    taken: list[float] = []
    send = Session._send  # noqa: SLF001  # every statement passes here, and nowhere else

    async def timed(session: Session, *arguments: Any) -> Any:
        began = time.perf_counter()
        try:
            return await send(session, *arguments)
        finally:
            taken.append(time.perf_counter() - began)

    with mock.patch.object(Session, "_send", timed):
        yield taken


BENCH = Bench(
    about="the cost of an order with ten million rows of history against ten thousand",
    measure=measure,
    quick=Size(rows=(100_000,), orders=10),
    full=Size(rows=(1_000_000, 10_000_000), orders=30),
)
