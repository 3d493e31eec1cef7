"""One message of each kind, as it comes in production: real queues, real databases, upstreams as processes.

Only the consumer under measurement runs in this process. What is counted has no time in it, so it may share the machine
with anything.
"""

import asyncio
import hashlib
import hmac
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Final, Literal
from urllib.parse import urlsplit

import httpx
import orjson
import uvloop
from prometheus_client import CollectorRegistry
from pydantic import SecretStr
from starlette.types import Message

from schemas.ids import AccountAlias, StripeRef
from sidecar.adapters.broker_amqp.consume import ConsumeOptions, consume
from sidecar.bridge.app import PATH, Account, Bridge, BridgeOptions
from sidecar.bridge.envelope import wrap
from sidecar.bridge.metrics import BridgeMetrics
from sidecar.bridge.publish import publish
from sidecar.compose import OpenPorts, open_ports
from sidecar.discovery import consumers_named
from sidecar.observability.health import health_app
from sidecar.observability.metrics import Metrics
from sidecar.ports.delivery import QueuedDelivery
from sidecar.runtime.worker import Worker, WorkerOptions
from sidecar.sandbox.demo.accounts import open_accounts
from sidecar.sandbox.demo.stage import (
    ACCOUNT,
    INSTANCE,
    STRIPE_KEY,
    WEBHOOK_SECRET,
    Plan,
    Stage,
    answering,
    role,
    set_stage,
)
from sidecar.settings.load import load_settings
from sidecar.settings.settings import Settings
from sidecar.topology import Names
from tests.costs.meter import Meter, Tally, least

REF: Final = StripeRef(account=AccountAlias(ACCOUNT), mode="test")
TRACEPARENT: Final = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
WARM, CALLS, PEAKS = 2, 4, 2
"""So many messages before it counts, since what is opened or cached once is no cost of a message; then of each kind."""
EACH: Final = WARM + CALLS + PEAKS
PATIENCE: Final = 60.0
STARTED: Final = ("bridge", "run")

Tallies = dict[str, list[Tally]]


@dataclass
class Scenes:
    """The stage, and what was counted on it so far, by scene."""

    stage: Stage
    http: httpx.AsyncClient
    settings: Settings
    ports: OpenPorts
    meter: Meter
    tallies: Tallies = field(default_factory=dict)

    async def take(self, scene: str | None, queue: str, ports: OpenPorts | None = None) -> list[bytes]:
        """Consume `EACH` messages of the queue, one after the other, and count what each costs; gives their bodies."""
        (consumer,) = consumers_named((queue,))
        worker = Worker(consumer, ports or self.ports, Metrics(CollectorRegistry()), WorkerOptions())
        bodies: list[bytes] = []
        tallies: list[Tally] = []
        stop = asyncio.Event()

        async def receive(delivery: QueuedDelivery) -> None:
            with self.meter.measuring(memory=len(bodies) >= WARM + CALLS) as tally:
                await worker.handle(delivery)
            bodies.append(delivery.body)
            tallies.append(tally)
            if len(bodies) == EACH:
                stop.set()

        async with asyncio.timeout(PATIENCE):
            await consume(
                self.stage.broker_url,
                queue,
                receive,
                stop,
                names=Names(self.stage.prefix),
                publisher=self.ports.publisher,
                clock=self.ports.clock,
                options=ConsumeOptions(prefetch=1),
                on_connected=_told,
            )
        if scene is not None:
            self.tallies[scene] = tallies[WARM:]
        return bodies

    async def place(self, payment_method: str) -> int:
        payment = {
            "method": "sidecar_stripe",
            "payment_method": payment_method,
            "return_url": "https://shop.example/back",
        }
        order = {"lines": [{"price": "19.99", "qty": 2}], "payment": payment}
        answer = await self.http.post(f"{self.stage.magento_url}/_sandbox/orders", json=order)
        answer.raise_for_status()
        return int(answer.json()["order_id"])

    async def in_stripe(self, path: str, **form: Any) -> list[dict[str, Any]]:
        """A list of the account's objects, the oldest first."""
        found = await self.http.get(f"{self.stage.stripe_url}/v1/{path}", params=form, auth=(STRIPE_KEY, ""))
        found.raise_for_status()
        return list(reversed(found.json()["data"]))

    async def in_dashboard(self, kind: str, identifier: str, action: str, **body: Any) -> None:
        url = f"{self.stage.stripe_url}/_sandbox/accounts/{ACCOUNT}/{kind}/{identifier}/{action}"
        (await self.http.post(url, json=body)).raise_for_status()

    async def say(self, kind: str, about: Iterable[str]) -> None:
        """Bring Stripe's events of this type about these objects onto the broker, as the bridge does."""
        wanted = set(about)
        for event in await self.in_stripe("events", type=kind, limit=100):
            if event["data"]["object"]["id"] in wanted:
                await publish(self.ports.publisher, wrap(orjson.dumps(event), REF, TRACEPARENT))


def _told(*, connected: bool) -> None:
    """Nobody waits for it."""


async def play(scenes: Scenes) -> None:
    """Every scene, in an order in which each finds what it needs."""
    card = [await scenes.place("pm_card_visa") for _ in range(EACH)]
    placed = await scenes.take("orders: a card, paid at once", "orders")
    intents = [intent["id"] for intent in await scenes.in_stripe("payment_intents", limit=100)]
    for body in placed:
        await scenes.ports.publisher.publish(
            "magento.events", "order.placed.v1", body, message_id="again", message_type="magento.order.placed.v1"
        )
    await scenes.take("orders: the same message again", "orders")
    await scenes.say("payment_intent.succeeded", intents)
    await scenes.take("stripe-events: a payment that is known", "stripe-events")

    await _authenticate(scenes, "stripe-events: a payment, over REST", scenes.ports)
    async with open_ports(_by_database(scenes), locks=4, part=1.0) as ports:
        await _authenticate(scenes, "stripe-events: a payment, into the database", ports)

    for order in card:
        url = f"{scenes.stage.magento_url}/_sandbox/orders/{order}/creditmemos"
        (await scenes.http.post(url, json={"items": [{"sku": "TEE-RED-M", "qty": "1"}]})).raise_for_status()
    await scenes.take("creditmemos: one to pay back", "creditmemos")
    known = [refund["id"] for refund in await scenes.in_stripe("refunds", limit=100)]
    await scenes.say("refund.created", known)
    await scenes.take("refunds: of a credit memo", "refunds")
    for intent in intents:
        await scenes.in_dashboard("payment_intents", intent, "refund", amount=500)
    every = [refund["id"] for refund in await scenes.in_stripe("refunds", limit=100)]
    await scenes.say("refund.created", set(every) - set(known))
    await scenes.take("refunds: made in the dashboard", "refunds")

    async with open_accounts(scenes.stage, scenes.http) as accounts:
        known_accounts = [
            await accounts.register(f"someone{number}@example.com", f"Some One{number}") for number in range(EACH)
        ]
        await scenes.take("customers: a new account", "customers")
        # Magento's times are whole seconds: of two states of one second nobody knows which is the newer, and asks.
        await _next_second()
        for account in known_accounts:
            await accounts.edit_in_shop(account, telephone="5550199")
        await scenes.take("customers: an account that was edited", "customers")
    await _bridge(scenes)


async def _authenticate(scenes: Scenes, scene: str, ports: OpenPorts) -> None:
    before = {intent["id"] for intent in await scenes.in_stripe("payment_intents", limit=100)}
    for _ in range(EACH):
        await scenes.place("pm_card_threeDSecure2Required")
    await scenes.take("orders: 3-D Secure is asked for" if ports is scenes.ports else None, "orders")
    intents = [
        intent["id"] for intent in await scenes.in_stripe("payment_intents", limit=100) if intent["id"] not in before
    ]
    for intent in intents:
        await scenes.in_dashboard("payment_intents", intent, "authenticate", succeeded=True)
    await scenes.say("payment_intent.succeeded", intents)
    await scenes.take(scene, "stripe-events", ports=ports)


def _by_database(scenes: Scenes) -> Settings:
    by_database = {"adapter": "db", "database_url": scenes.stage.magento_database_url}
    stores = [{"instance": INSTANCE, "stripe": ACCOUNT}]
    described = scenes.settings.model_dump(exclude_unset=True)
    return Settings(**described | {"magento": {INSTANCE: by_database}, "stores": stores})


async def _bridge(scenes: Scenes) -> None:
    registry = CollectorRegistry()
    options = BridgeOptions(accounts={ACCOUNT: Account(REF, (SecretStr(WEBHOOK_SECRET),))})
    clock = scenes.ports.clock
    bridge = Bridge(options, scenes.ports.publisher, clock, BridgeMetrics(registry), health_app(registry, dict))
    tallies: list[Tally] = []
    for event in (await scenes.in_stripe("events", type="payment_intent.succeeded", limit=100))[:EACH]:
        # A body of a size at which a copy of it shows.
        event["data"]["object"]["metadata"]["note"] = "x" * 100_000
        body, now = orjson.dumps(event), int(clock.now().timestamp())
        signature = hmac.new(WEBHOOK_SECRET.encode(), b"%d.%b" % (now, body), hashlib.sha256).hexdigest()
        headers = {
            b"content-type": b"application/json",
            b"content-length": b"%d" % len(body),
            b"stripe-signature": b"t=%d,v1=%b" % (now, signature.encode()),
        }
        scope = {"type": "http", "method": "POST", "path": f"{PATH}{ACCOUNT}", "headers": list(headers.items())}
        answers: list[Message] = []
        with scenes.meter.measuring(memory=len(tallies) >= WARM + CALLS) as tally:
            await bridge(scope, _once(body), _into(answers))
        if answers[0]["status"] != 200:
            raise RuntimeError(answers)
        tallies.append(tally)
    scenes.tallies["bridge: a webhook of 100 kB"] = tallies[WARM:]


async def _next_second() -> None:
    await asyncio.sleep(1 - time.time() % 1)


def _once(body: bytes) -> Callable[[], Awaitable[Message]]:
    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    return receive


def _into(answers: list[Message]) -> Callable[[Message], Awaitable[None]]:
    async def send(message: Message) -> None:
        answers.append(message)

    return send


@asynccontextmanager
async def _opened(stage: Stage) -> AsyncIterator[Scenes]:
    """Open what a consumer needs. It is not a busy process: what those do by the clock would be counted too."""
    settings = load_settings(stage.config, {})
    async with (
        httpx.AsyncClient(timeout=30, trust_env=False) as http,
        open_ports(settings, locks=4, part=1.0) as ports,
    ):
        meter = Meter(urlsplit(stage.store_url).path.strip("/"), stage.stripe_url)
        yield Scenes(stage, http, settings, ports, meter)


async def _imports(stage: Stage, name: Literal["bridge", "run"]) -> int:
    """How many modules a process has imported when it is ready."""
    port = {"bridge": stage.bridge_url, "run": stage.metrics_url}[name]
    async with role(stage, name, PYTHONPROFILEIMPORTTIME="1"):
        await answering(f"{port}/readyz")
    return (stage.folder / f"{name}.log").read_text().count("import time:")


async def _count(broker_url: str, store_server_url: str) -> tuple[dict[str, Tally], dict[str, int]]:
    plan = Plan(roles=(), disorder=0, rate_limited=False)  # a message that is refused and comes again costs another sum
    async with set_stage(broker_url, store_server_url, plan) as stage:
        imports = {name: await _imports(stage, name) for name in STARTED}
        async with _opened(stage) as scenes:
            await play(scenes)
    return {scene: least(tallies) for scene, tallies in scenes.tallies.items()}, imports


def count(broker_url: str, store_server_url: str) -> tuple[dict[str, Tally], dict[str, int]]:
    """What each scene costs, and how many modules each process imports."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(_count(broker_url, store_server_url))
