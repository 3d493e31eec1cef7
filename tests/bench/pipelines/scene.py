"""Everything that a consumer under load stands on: databases, a topology, upstreams, and the story of one order.

The story is played once, by the consumers themselves on the sandbox; its rows and messages are then cloned. So what is
loaded is what the product writes, not what a benchmark's author thinks it writes.
"""

import secrets
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import aio_pika
import httpx
import orjson
from prometheus_client import CollectorRegistry
from pydantic import SecretStr

from consumers.orders import CONSUMER as ORDERS
from schemas.envelope import CloudEvent
from schemas.ids import StripeRef
from schemas.magento.order_placed_v1 import OrderPlacedV1
from schemas.magento.order_snapshot import Payment
from sidecar.adapters.broker_amqp import declare
from sidecar.adapters.store_sql import migrate
from sidecar.bridge.envelope import wrap
from sidecar.compose import OpenPorts, open_ports
from sidecar.consumer import Consumer
from sidecar.discovery import all_consumers
from sidecar.observability.metrics import Metrics
from sidecar.retry import Wait
from sidecar.runtime.worker import Worker, WorkerOptions
from sidecar.sandbox.magento.config import MagentoSandboxConfig
from sidecar.sandbox.magento.database import open_database
from sidecar.sandbox.magento.outbox import Outbox
from sidecar.sandbox.magento.placing import place
from sidecar.sandbox.magento.snapshot import Line, PlaceOrder
from sidecar.sandbox.stripe import AccountConfig, RateLimits, StripeSandbox, StripeSandboxConfig, listening
from sidecar.settings.settings import Settings
from sidecar.topology import topology_of
from tests.bench.pipelines.databases import Cloned, Replacements, clone, connected, new_database

TEMPLATE = 100_000_000
"""The order whose story is told; clones have the numbers after it. Nine digits, so that none is part of another."""
KEY = "sk_test_bench"
LIMIT = 1_000_000
"""Calls a second, where no limit is meant to be met."""

UNLIMITED = {"requests_per_second": LIMIT, "endpoint_requests_per_second": LIMIT, "max_concurrency": 1000}

STORE_TABLES = (
    Cloned("orders", f"order_id = {TEMPLATE}", ("order_id",), ("window_due_at",)),
    Cloned("customer_links", f"buyer = 'order/{TEMPLATE}'"),
    Cloned("payment_intents", f"order_id = {TEMPLATE}", ("order_id",)),
    Cloned("effect_ledger", f"order_id = {TEMPLATE}", ("order_id",)),
    Cloned("timeline", f"order_id = {TEMPLATE}", ("order_id",), ("id",)),
)
MAGENTO_TABLES = (
    Cloned("sales_order", f"entity_id = {TEMPLATE}", ("entity_id",)),
    Cloned("sales_order_grid", f"entity_id = {TEMPLATE}", ("entity_id",)),
    Cloned("sales_order_payment", f"parent_id = {TEMPLATE}", ("parent_id",), ("entity_id",)),
    Cloned("sales_order_status_history", f"parent_id = {TEMPLATE}", ("parent_id",), ("entity_id",)),
)


class Numbers:
    """Numbers for orders, each once."""

    def __init__(self, first: int) -> None:
        self._next = first

    def take(self, orders: int) -> range:
        taken = range(self._next, self._next + orders)
        self._next = taken.stop
        return taken


@dataclass(frozen=True, slots=True)
class Story:
    """What was said about the template, and what Stripe answers; `100000000` stands for the order's number.

    Attributes:
        placed: the message of its placement.
        succeeded: Stripe's event, in its envelope, that the payment succeeded.
        answers: Stripe's answers, by endpoint, with `{n}` for the number.
        tokens: the ids that Stripe made up.
    """

    placed: bytes
    succeeded: bytes
    answers: dict[str, bytes]
    tokens: Replacements

    def about(self, body: bytes, number: int) -> bytes:
        """A message of the story as it would be about another order."""
        for token, prefix in self.tokens.items():
            body = body.replace(token.encode(), f"{prefix}{number}".encode())
        return body.replace(str(TEMPLATE).encode(), str(number).encode())


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """Where everything is."""

    broker_url: str
    store_url: str
    magento_url: str
    prefix: str
    story: Story
    runtime: dict[str, Any] = field(default_factory=dict)
    stripe: dict[str, Any] = field(default_factory=lambda: dict(UNLIMITED))

    def settings(self, stripe_url: str) -> Settings:
        """The operator's settings for this scene."""
        account = {"mode": "test", "secret_key": SecretStr(KEY), "base_url": stripe_url, **self.stripe}
        sections: dict[str, Any] = {
            "broker": {"url": self.broker_url, "prefix": self.prefix},
            "store": {"url": self.store_url},
            "stripe": {"main": account},
            "magento": {"shop": {"adapter": "db", "database_url": self.magento_url}},
            "stores": [{"instance": "shop", "stripe": "main"}],
            "runtime": self.runtime,
        }
        return Settings(**sections)

    async def add_orders(self, numbers: range) -> None:
        """Orders that were placed and wait for Stripe's word, on both sides."""
        await clone(self.store_url, STORE_TABLES, numbers, TEMPLATE, self.story.tokens)
        await clone(self.magento_url, MAGENTO_TABLES, numbers, TEMPLATE, self.story.tokens)

    async def publish(self, exchange: str, routing_key: str, bodies: list[bytes]) -> None:
        """Put messages into the queue, and return when the broker has all of them."""
        connection = await aio_pika.connect(self.broker_url)
        async with connection:
            channel = await connection.channel(publisher_confirms=True)
            target = await channel.get_exchange(f"{self.prefix}{exchange}", ensure=False)
            for first in range(0, len(bodies), 200):
                messages = [
                    aio_pika.Message(body, delivery_mode=aio_pika.DeliveryMode.PERSISTENT)
                    for body in bodies[first : first + 200]
                ]
                for message in messages[:-1]:
                    await target.publish(message, routing_key, mandatory=False, timeout=30)
                await target.publish(messages[-1], routing_key, mandatory=True, timeout=30)


@dataclass
class InMemory:
    """A delivery that no broker knows."""

    body: bytes
    queue: str
    attempt: int = 1
    waits: int = 0
    first_seen: datetime | None = None
    is_gone: bool = False
    ended: str = ""

    async def acknowledge(self) -> None:
        self.ended = "acknowledged"

    async def retry(self, wait: Wait, reason: str, detail: str, *, counted: bool) -> None:
        del wait, counted
        self.ended = f"{reason}: {detail}"

    async def park(self, reason: str, detail: str, subject: object = None) -> None:
        del subject
        self.ended = f"{reason}: {detail}"

    async def requeue(self) -> None:
        self.ended = "requeued"


async def handle(consumer: Consumer, ports: OpenPorts, body: bytes) -> None:
    """Let a consumer handle one message.

    Raises:
        RuntimeError: it was not acknowledged.
    """
    worker = Worker(consumer, ports, Metrics(CollectorRegistry()), WorkerOptions())
    delivery = InMemory(body, consumer.queue)
    await worker.handle(delivery)
    if delivery.ended != "acknowledged":
        raise RuntimeError(f"{consumer.queue}: {delivery.ended}")


@asynccontextmanager
async def scene(broker_url: str, store_url: str, *, paid_at_once: bool = False, **runtime: Any) -> AsyncIterator[Scene]:
    """Set it up, and take it away afterwards.

    Args:
        broker_url: a RabbitMQ.
        store_url: a MariaDB or MySQL on which databases may be made.
        paid_at_once: the card needs no 3-D Secure, so that Stripe's first answer is that it is paid.
        runtime: the settings' `[runtime]`.
    """
    prefix = f"bench-{secrets.token_hex(4)}."
    async with AsyncExitStack() as stack:
        store = await stack.enter_async_context(new_database(store_url))
        magento = await stack.enter_async_context(new_database(store_url))
        await migrate(store)
        topology = topology_of(all_consumers(), prefix)
        await declare.apply(broker_url, topology)
        stack.push_async_callback(_delete, broker_url, topology)
        empty = Scene(
            broker_url=broker_url,
            store_url=store,
            magento_url=magento,
            prefix=prefix,
            story=Story(b"", b"", {}, {}),
            runtime=runtime,
        )
        story = await _play(empty, paid_at_once=paid_at_once)
        yield Scene(
            broker_url=broker_url, store_url=store, magento_url=magento, prefix=prefix, story=story, runtime=runtime
        )


async def _delete(url: str, topology: Any) -> None:
    connection = await aio_pika.connect(url)
    async with connection:
        channel = await connection.channel()
        for queue in topology.queues:
            await channel.queue_delete(queue.name)
        for exchange in topology.exchanges:
            await channel.exchange_delete(exchange.name)


async def _play(scene: Scene, *, paid_at_once: bool) -> Story:
    """Place the order, let `orders` work on it, pass 3-D Secure, and keep what was said."""
    sandbox = StripeSandbox(
        StripeSandboxConfig(
            accounts={"main": AccountConfig(secret_keys=(SecretStr(KEY),))}, rate_limits=RateLimits(enabled=False)
        )
    )
    card = "pm_card_visa" if paid_at_once else "pm_card_threeDSecure2Required"
    placed = await _placed(scene.magento_url, card)
    async with (
        listening(sandbox) as url,
        open_ports(scene.settings(url), locks=4) as ports,
        httpx.AsyncClient(base_url=url, auth=(KEY, "")) as http,
    ):
        if not paid_at_once:
            await handle(ORDERS, ports, placed)
            intent = (await _get(http, "/v1/payment_intents"))["data"][0]["id"]
            passed = await http.post(
                f"/_sandbox/accounts/main/payment_intents/{intent}/authenticate", json={"succeeded": True}
            )
            passed.raise_for_status()
        else:
            customer = await _post(http, "/v1/customers", {"name": "Grace Hopper"})
            metadata = {"magento_instance": "shop", "magento_order_id": str(TEMPLATE)}
            created = await _post(
                http,
                "/v1/payment_intents",
                {
                    "amount": "8748",
                    "currency": "usd",
                    "customer": customer["id"],
                    "confirm": "true",
                    "payment_method": card,
                    "automatic_payment_methods[enabled]": "true",
                    "automatic_payment_methods[allow_redirects]": "never",
                    "expand[0]": "latest_charge",
                }
                | {f"metadata[{name}]": value for name, value in metadata.items()},
            )
            intent = created["id"]
        read = await _get(http, f"/v1/payment_intents/{intent}?expand[]=latest_charge")
        events = (await _get(http, "/v1/events?type=payment_intent.succeeded"))["data"]
        customers = (await _get(http, "/v1/customers"))["data"]
    event = events[0]
    wrapped = wrap(orjson.dumps(event), StripeRef.model_validate({"account": "main", "mode": "test"}), TRACEPARENT)
    tokens = {event["id"]: "evt_", intent: "pi_", read["latest_charge"]["id"]: "ch_"}
    story = Story(placed, wrapped.body, {}, tokens)
    intent_body = _numbered(orjson.dumps(read), tokens)
    story.answers.update(
        {
            "GET /v1/payment_intents/{id}": intent_body,
            "POST /v1/payment_intents": intent_body,
            "POST /v1/customers": orjson.dumps(customers[0]).replace(customers[0]["id"].encode(), b"cus_{n}"),
        }
    )
    return story


TRACEPARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


def _numbered(body: bytes, tokens: Replacements) -> bytes:
    for token, prefix in tokens.items():
        body = body.replace(token.encode(), prefix.encode() + b"{n}")
    return body.replace(str(TEMPLATE).encode(), b"{n}")


async def _placed(magento_url: str, card: str) -> bytes:
    config = MagentoSandboxConfig(instance="shop", token="t", database_url="")
    wanted = PlaceOrder(
        lines=(Line(price=Decimal("87.48")),),
        payment=Payment.model_validate(
            {"method": "sidecar_stripe", "payment_method": card, "return_url": "https://shop.example/back"}
        ),
    )
    async with open_database(magento_url) as database:
        async with connected(magento_url) as cursor:
            await cursor.execute(f"ALTER TABLE sales_order AUTO_INCREMENT = {TEMPLATE}")
        async with database.transaction() as session:
            order = await place(session, wanted, config, Outbox("shop"))
    event = CloudEvent[OrderPlacedV1](
        id=f"order-placed-{TEMPLATE}",
        source="/magento/shop",
        type=OrderPlacedV1.TYPE,
        subject=f"order/{TEMPLATE}",
        time=datetime.now(UTC),
        traceparent=TRACEPARENT,
        data=order,
    )
    return event.model_dump_json(exclude_none=True).encode()


async def _get(http: httpx.AsyncClient, path: str) -> Any:
    response = await http.get(path)
    response.raise_for_status()
    return response.json()


async def _post(http: httpx.AsyncClient, path: str, form: dict[str, str]) -> Any:
    response = await http.post(path, data=form)
    response.raise_for_status()
    return response.json()
