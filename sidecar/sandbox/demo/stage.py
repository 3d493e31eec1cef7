"""Starts everything as processes of its own, on free loopback ports, and takes it away again."""

import asyncio
import contextlib
import os
import secrets
import socket
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import aiomysql
import httpx
from yarl import URL

from sidecar.adapters.broker_amqp import declare
from sidecar.adapters.store_sql import migrate
from sidecar.discovery import all_consumers
from sidecar.topology import topology_of

STRIPE_KEY = "sk_test_demo"
WEBHOOK_SECRET = "whsec_demo"  # noqa: S105  # the stand-in's
MAGENTO_TOKEN = "demo-token"  # noqa: S105  # the stand-in's
LIVE_LIMIT = 100
"""Calls a second, as a live account has; the endpoints keep their 25 (docs.stripe.com/rate-limits)."""
ENDPOINT_LIMIT = 25
NO_LIMIT = 100_000
INSTANCE = "main"
ACCOUNT = "main"


Role = Literal["bridge", "run", "timers"]


@dataclass(frozen=True, slots=True)
class Stage:
    """Where everything is."""

    broker_url: str
    store_url: str
    prefix: str
    stripe_url: str
    magento_url: str
    bridge_url: str
    metrics_url: str
    config: Path
    folder: Path
    magento_database_url: str


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
async def _database(server: str, name: str) -> AsyncIterator[str]:
    address = URL(server)

    async def execute(statement: str) -> None:
        connection = await aiomysql.connect(
            host=address.host,
            port=address.port or 3306,
            user=address.user or "root",
            password=address.password or "",
            autocommit=True,
        )
        async with connection.cursor() as cursor:
            await cursor.execute(statement)
        connection.close()

    await execute(f"CREATE DATABASE {name} CHARACTER SET utf8mb4")
    try:
        yield str(address.with_path(f"/{name}"))
    finally:
        await execute(f"DROP DATABASE {name}")


@asynccontextmanager
async def process(
    name: str, arguments: list[str], environment: dict[str, str], folder: Path
) -> AsyncIterator[asyncio.subprocess.Process]:
    """Run `sidecar …` as a process whose log is `folder/name.log`; asked to end after the block."""
    with (folder / f"{name}.log").open("ab") as log:
        running = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "sidecar",
            *arguments,
            env=os.environ | environment,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
    try:
        yield running
    finally:
        if running.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                running.terminate()
            try:
                async with asyncio.timeout(30):
                    await running.wait()
            except TimeoutError:
                running.kill()
                await running.wait()


async def answering(url: str, patience: float = 60) -> None:
    """Wait until a page answers 200.

    Raises:
        TimeoutError: it does not.
    """
    async with asyncio.timeout(patience), httpx.AsyncClient(trust_env=False) as http:
        while True:
            with contextlib.suppress(httpx.TransportError):
                if (await http.get(url)).status_code == 200:  # noqa: PLR2004
                    return
            await asyncio.sleep(0.05)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is started, and how badly the stand-ins behave.

    Attributes:
        roles: which of the sidecar's processes run from the start.
        disorder: shares of webhooks that are sent twice, overtaken or late.
        stripe_timeout: seconds that the sidecar waits for Stripe.
        payment_window: seconds that an order may be paid.
        rate_limited: whether Stripe refuses calls over its limits, and the sidecar keeps to them.
    """

    roles: tuple[Role, ...] = ("bridge", "run", "timers")
    disorder: float = 0.3
    stripe_timeout: int = 30
    payment_window: int = 86_400
    rate_limited: bool = True


@asynccontextmanager
async def set_stage(broker_url: str, server_url: str, plan: Plan | None = None) -> AsyncIterator[Stage]:
    """Everything that a play needs; names on the broker and in the database server are its own."""
    plan = plan or Plan()
    mark = secrets.token_hex(4)
    prefix = f"demo-{mark}."
    topology = topology_of(all_consumers(), prefix)
    stripe_port, magento_port, bridge_port, run_port = _free_ports(4)
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="sidecar-demo-")))
        store_url = await stack.enter_async_context(_database(server_url, f"sidecar_demo_{mark}"))
        magento_database = await stack.enter_async_context(_database(server_url, f"magento_demo_{mark}"))
        await migrate(store_url)
        await declare.apply(broker_url, topology)
        stack.push_async_callback(declare.remove, broker_url, topology)
        stage = Stage(
            broker_url,
            store_url,
            prefix,
            f"http://127.0.0.1:{stripe_port}",
            f"http://127.0.0.1:{magento_port}",
            f"http://127.0.0.1:{bridge_port}",
            f"http://127.0.0.1:{run_port}",
            folder / "sidecar.toml",
            folder,
            magento_database,
        )
        stage.config.touch(mode=0o600)
        stage.config.write_text(_settings(stage, bridge_port, run_port, plan))
        share = str(plan.disorder)
        disorder = ["--duplicated", share, "--reordered", share, "--late", share, "--seed", "7"]
        webhook = ["--webhook-url", f"{stage.bridge_url}/webhooks/stripe/{ACCOUNT}"]
        limits = ["--requests-per-second", str(LIVE_LIMIT)] if plan.rate_limited else ["--no-rate-limits"]
        stripe = process(
            "stripe",
            ["sandbox", "stripe", "--port", str(stripe_port), *webhook, *disorder, *limits],
            {"SANDBOX_STRIPE_KEY": STRIPE_KEY, "SANDBOX_WEBHOOK_SECRET": WEBHOOK_SECRET},
            folder,
        )
        await stack.enter_async_context(stripe)
        magento = process(
            "magento",
            ["sandbox", "magento", "--port", str(magento_port), "--prefix", prefix],
            {
                "SANDBOX_DATABASE_URL": magento_database,
                "SANDBOX_BROKER_URL": broker_url,
                "SANDBOX_MAGENTO_TOKEN": MAGENTO_TOKEN,
            },
            folder,
        )
        await stack.enter_async_context(magento)
        for name in plan.roles:
            await stack.enter_async_context(role(stage, name))
        await answering(f"{stage.stripe_url}/_sandbox/calls")
        await answering(f"{stage.magento_url}/_sandbox/orders")
        for name, url in (("bridge", stage.bridge_url), ("run", stage.metrics_url)):
            if name in plan.roles:
                await answering(f"{url}/readyz")
        yield stage


@asynccontextmanager
async def role(stage: Stage, name: Role, **variables: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """One of the sidecar's processes, with the stage's settings and more variables if a test wants."""
    ours = {"SIDECAR_CONFIG": str(stage.config)}
    if name == "timers":
        ours["SIDECAR_RUNTIME__HTTP_PORT"] = "0"  # its own port is the consumers'
    async with process(name, [name], ours | variables, stage.folder) as running:
        yield running


def _settings(stage: Stage, bridge_port: int, run_port: int, plan: Plan) -> str:
    return f"""\
[broker]
url = "{stage.broker_url}"
prefix = "{stage.prefix}"

[store]
url = "{stage.store_url}"

[stripe.{ACCOUNT}]
mode = "test"
secret_key = "{STRIPE_KEY}"
webhook_secrets = ["{WEBHOOK_SECRET}"]
base_url = "{stage.stripe_url}"
requests_per_second = {LIVE_LIMIT if plan.rate_limited else NO_LIMIT}
endpoint_requests_per_second = {ENDPOINT_LIMIT if plan.rate_limited else NO_LIMIT}
timeout = "PT{plan.stripe_timeout}S"

[magento.{INSTANCE}]
base_url = "{stage.magento_url}"
token = "{MAGENTO_TOKEN}"

[[stores]]
instance = "{INSTANCE}"
stripe = "{ACCOUNT}"
payment_window = "PT{plan.payment_window}S"

[stores.customers]
name = "newest"
phone = "newest"

[[stores]]
instance = "{INSTANCE}"
store = "wholesale"
stripe = "{ACCOUNT}"
capture_method = "manual"

[bridge]
port = {bridge_port}

[runtime]
http_port = {run_port}

[timers]
catch_up_every = "PT10S"
payment_windows_every = "PT1S"
"""
