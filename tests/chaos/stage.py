"""Puts everything up as processes, each line between them through a proxy that can be cut."""

import asyncio
import os
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiomysql
from yarl import URL

from sidecar.sandbox.demo.stage import (
    ACCOUNT,
    INSTANCE,
    LIVE_LIMIT,
    MAGENTO_TOKEN,
    STRIPE_KEY,
    WEBHOOK_SECRET,
    Stage,
    answering,
    process,
)
from tests.chaos.supervisor import Supervised
from tests.services.server import Server
from tests.services.tcp_proxy import TcpProxy

STARTING = 120.0
"""Seconds that a process may take on a machine that is busy."""

REPLICAS = 2
"""Of the consumers, and of the bridge."""


@dataclass(frozen=True, slots=True)
class Lines:
    """What the sidecar reaches everybody through, and Stripe the bridge."""

    broker: TcpProxy
    store: TcpProxy
    stripe: TcpProxy
    magento: TcpProxy
    webhooks: TcpProxy


@dataclass(frozen=True, slots=True)
class Theatre:
    """Where everything is.

    Attributes:
        stage: the addresses for people: nothing in between.
        lines: the lines of the sidecar.
        broker: the private RabbitMQ.
        store: the private MariaDB, with the databases of the sidecar and of the shop.
        consumers: the replicas of `sidecar run`.
        bridges: the replicas of `sidecar bridge`.
        timers: the one `sidecar timers`.
        clock: the file that says how many seconds the sidecar's clock is ahead.
    """

    stage: Stage
    lines: Lines
    broker: Server
    store: Server
    consumers: tuple[Supervised, ...]
    bridges: tuple[Supervised, ...]
    timers: Supervised
    clock: Path

    @property
    def processes(self) -> tuple[Supervised, ...]:
        """All that are kept alive."""
        return *self.consumers, *self.bridges, self.timers


def _at(port: int) -> str:
    return f"http://127.0.0.1:{port}"


def _free_ports(count: int) -> list[int]:
    probes = [socket.socket() for _ in range(count)]
    try:
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [probe.getsockname()[1] for probe in probes]
    finally:
        for probe in probes:
            probe.close()


@asynccontextmanager
async def set_stage(
    broker: Server,
    store: Server,
    folder: Path,
    *,
    seed: int,
    replicas: int = REPLICAS,
    breakage: str | None = None,
) -> AsyncIterator[Theatre]:
    """Start it all, and take it away again.

    Args:
        broker: a RabbitMQ of our own, running.
        store: a MariaDB of our own, running.
        folder: for settings and logs; they stay.
        seed: of the stand-in's chance.
        replicas: of the consumers, and as many of the bridge.
        breakage: the rule that the sidecar's processes break.
    """
    ports = _free_ports(2 + 2 * replicas)
    stripe_port, magento_port, *ours = ports
    bridge_ports, run_ports = ours[:replicas], ours[replicas:]
    store_url, shop_url = await _databases(store.url)
    async with AsyncExitStack() as stack:
        lines = Lines(
            broker=await stack.enter_async_context(TcpProxy(broker.url)),
            store=await stack.enter_async_context(TcpProxy(store_url)),
            stripe=await stack.enter_async_context(TcpProxy(f"http://127.0.0.1:{stripe_port}")),
            magento=await stack.enter_async_context(TcpProxy(f"http://127.0.0.1:{magento_port}")),
            webhooks=await stack.enter_async_context(TcpProxy(*(f"http://127.0.0.1:{port}" for port in bridge_ports))),
        )
        stage = Stage(
            broker_url=broker.url,
            store_url=store_url,
            prefix="",
            stripe_url=f"http://127.0.0.1:{stripe_port}",
            magento_url=f"http://127.0.0.1:{magento_port}",
            bridge_url=lines.webhooks.url.rstrip("/"),
            metrics_url=f"http://127.0.0.1:{run_ports[0]}",
            config=folder / "sidecar.toml",
            folder=folder,
            magento_database_url=shop_url,
        )
        clock = folder / "clock"
        clock.write_text("0")
        stage.config.touch(mode=0o600)
        stage.config.write_text(_settings(lines))
        environment = {"SIDECAR_CONFIG": str(stage.config)}
        await _once(["migrate"], environment, folder)
        await _once(["topology", "apply"], environment, folder)
        if breakage is not None:
            environment["CHAOS_BREAKAGE"] = breakage
        # The bridge keeps the real time: signatures are made by it.
        ahead = environment | {"CHAOS_CLOCK": str(clock)}
        await _stand_ins(stack, stage, stripe_port, magento_port, seed)
        bridges = [
            Supervised(f"bridge-{n}", ["bridge"], environment | {"SIDECAR_BRIDGE__PORT": str(port)}, folder, _at(port))
            for n, port in enumerate(bridge_ports)
        ]
        consumers = [
            Supervised(f"run-{n}", ["run"], ahead | {"SIDECAR_RUNTIME__HTTP_PORT": str(port)}, folder, _at(port))
            for n, port in enumerate(run_ports)
        ]
        timers = Supervised("timers", ["timers"], ahead | {"SIDECAR_RUNTIME__HTTP_PORT": "0"}, folder)
        for each in (*bridges, *consumers, timers):
            await stack.enter_async_context(each)
        for each in (*bridges, *consumers):
            await answering(f"{each.url}/readyz", STARTING)
        yield Theatre(stage, lines, broker, store, tuple(consumers), tuple(bridges), timers, clock)


async def _stand_ins(stack: AsyncExitStack, stage: Stage, stripe_port: int, magento_port: int, seed: int) -> None:
    """Stripe keeps its own limits, and tells the bridge of everything; a tenth of that comes in disorder anyway."""
    disorder = ["--duplicated", "0.03", "--reordered", "0.04", "--late", "0.03", "--seed", str(seed)]
    webhook = ["--webhook-url", f"{stage.bridge_url}/webhooks/stripe/{ACCOUNT}"]
    stripe = ["sandbox", "stripe", "--port", str(stripe_port), "--requests-per-second", str(LIVE_LIMIT)]
    secrets = {"SANDBOX_STRIPE_KEY": STRIPE_KEY, "SANDBOX_WEBHOOK_SECRET": WEBHOOK_SECRET}
    await stack.enter_async_context(process("stripe", [*stripe, *webhook, *disorder], secrets, stage.folder))
    shop = {
        "SANDBOX_DATABASE_URL": stage.magento_database_url,
        "SANDBOX_BROKER_URL": stage.broker_url,
        "SANDBOX_MAGENTO_TOKEN": MAGENTO_TOKEN,
    }
    magento = ["sandbox", "magento", "--port", str(magento_port), "--instance", INSTANCE]
    await stack.enter_async_context(process("magento", magento, shop, stage.folder))
    await answering(f"{stage.stripe_url}/_sandbox/calls", STARTING)
    await answering(f"{stage.magento_url}/_sandbox/orders", STARTING)


async def _databases(server: str) -> tuple[str, str]:
    """New ones for the sidecar and for the shop."""
    address = URL(server)
    connection = await aiomysql.connect(
        host=address.host, port=address.port or 3306, user=address.user, password=address.password, autocommit=True
    )
    async with connection.cursor() as cursor:
        for name in ("chaos_sidecar", "chaos_shop"):
            await cursor.execute(f"CREATE DATABASE {name} CHARACTER SET utf8mb4")
    await connection.ensure_closed()
    return str(address.with_path("/chaos_sidecar")), str(address.with_path("/chaos_shop"))


async def _once(arguments: list[str], environment: dict[str, str], folder: Path) -> None:
    log = folder / f"{arguments[0]}.log"
    with log.open("ab") as file:
        ended = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "tests.chaos.process",
            *arguments,
            env=os.environ | environment,
            stdout=file,
            stderr=file,
        )
        if await ended.wait() != 0:
            raise RuntimeError(f"sidecar {' '.join(arguments)} failed: {log.read_text()[-2000:]}")


def _settings(lines: Lines) -> str:
    return f"""\
[broker]
url = "{lines.broker.url}"

[store]
url = "{lines.store.url}"

[stripe.{ACCOUNT}]
mode = "test"
secret_key = "{STRIPE_KEY}"
webhook_secrets = ["{WEBHOOK_SECRET}"]
base_url = "{lines.stripe.url.rstrip("/")}"
requests_per_second = {LIVE_LIMIT}
timeout = "PT2S"

[magento.{INSTANCE}]
base_url = "{lines.magento.url.rstrip("/")}"
token = "{MAGENTO_TOKEN}"
timeout = "PT2S"

[[stores]]
instance = "{INSTANCE}"
stripe = "{ACCOUNT}"
payment_window = "P30D"

[stores.customers]
name = "newest"
phone = "newest"

[[stores]]
instance = "{INSTANCE}"
store = "wholesale"
stripe = "{ACCOUNT}"
capture_method = "manual"
payment_window = "P30D"

[circuits]
first_open = "PT1S"
longest_open = "PT4S"

[timers]
catch_up_every = "PT5S"
catch_up_overlap = "PT20S"
payment_windows_every = "PT5S"
"""
