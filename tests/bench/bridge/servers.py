"""Who takes webhooks: the bridge, and what its peers' documentation leads to. Each loads only what it is made of.

All are over uvicorn with uvloop and httptools, one connection and one channel with confirms, and publish persistent
and mandatory: nothing else would be safe.
"""

import json
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import timedelta
from functools import partial
from typing import Protocol

import uvicorn

from sidecar.observability.health import serve
from tests.bench.bridge.webhooks import PATH, SECRET


class Opened(Protocol):
    """Serves while its block runs, to the broker at this address, with this prefix before its names; gives the port."""

    def __call__(self, broker_url: str, prefix: str) -> AbstractAsyncContextManager[int]: ...


@asynccontextmanager
async def bridge(broker_url: str, prefix: str) -> AsyncIterator[int]:
    """As `sidecar bridge` composes it."""
    from prometheus_client import CollectorRegistry  # noqa: PLC0415  # see above
    from pydantic import SecretStr  # noqa: PLC0415  # see above

    from schemas.ids import AccountAlias, StripeRef  # noqa: PLC0415  # see above
    from sidecar.adapters.broker_amqp.publisher import open_publisher  # noqa: PLC0415  # see above
    from sidecar.bridge.app import Account, Bridge, BridgeOptions  # noqa: PLC0415  # see above
    from sidecar.bridge.metrics import BridgeMetrics  # noqa: PLC0415  # see above
    from sidecar.bridge.serving import ServingOptions, serve_bridge  # noqa: PLC0415  # see above
    from sidecar.observability.health import health_app  # noqa: PLC0415  # see above
    from sidecar.system_clock import SystemClock  # noqa: PLC0415  # see above
    from sidecar.topology import Names  # noqa: PLC0415  # see above

    registry = CollectorRegistry()
    ref = StripeRef(account=AccountAlias("main"), mode="test")
    options = BridgeOptions(accounts={"main": Account(ref, (SecretStr(SECRET),))})
    async with open_publisher(broker_url, Names(prefix), timedelta(seconds=30)) as publisher:
        await publisher.connect()
        app = Bridge(options, publisher, SystemClock(), BridgeMetrics(registry), health_app(registry, dict))
        async with serve_bridge(app, ServingOptions(port=0)) as port:
            yield port


@asynccontextmanager
async def starlette(broker_url: str, prefix: str, *, construct: bool) -> AsyncIterator[int]:
    """Starlette and aio-pika; stripe-python's documented call, or only the check of the signature that is in it."""
    import aio_pika  # noqa: PLC0415  # see above
    import stripe  # noqa: PLC0415  # see above
    from starlette.applications import Starlette  # noqa: PLC0415  # see above
    from starlette.requests import Request  # noqa: PLC0415  # see above
    from starlette.responses import JSONResponse, Response  # noqa: PLC0415  # see above
    from starlette.routing import Route  # noqa: PLC0415  # see above

    connection = await aio_pika.connect_robust(broker_url)
    channel = await connection.channel(publisher_confirms=True, on_return_raises=True)
    exchange = await channel.get_exchange(f"{prefix}stripe.events", ensure=False)

    async def webhook(request: Request) -> Response:
        payload = await request.body()
        header = request.headers.get("stripe-signature", "")
        try:
            if construct:
                event = stripe.Webhook.construct_event(payload, header, SECRET)
                event_id, kind = event.id, event.type
            else:
                stripe.WebhookSignature.verify_header(payload.decode(), header, SECRET, 300)
                parsed = json.loads(payload)
                event_id, kind = parsed["id"], parsed["type"]
        except (ValueError, stripe.SignatureVerificationError):
            return JSONResponse({"error": "signature"}, 400)
        message = aio_pika.Message(
            payload, message_id=event_id, type=kind, delivery_mode=aio_pika.DeliveryMode.PERSISTENT
        )
        await exchange.publish(message, f"main.test.{kind}", mandatory=True)
        return JSONResponse({"received": True})

    app = Starlette(routes=[Route(PATH, webhook, methods=["POST"])])
    async with connection, serve(_uvicorn(app)) as port:
        yield port


@asynccontextmanager
async def faststream(broker_url: str, prefix: str) -> AsyncIterator[int]:
    """FastStream's ASGI application and publish, with stripe-python's documented call."""
    import stripe  # noqa: PLC0415  # see above
    from faststream.asgi import AsgiFastStream, AsgiResponse, Request, post  # noqa: PLC0415  # see above
    from faststream.rabbit import Channel, RabbitBroker, RabbitExchange  # noqa: PLC0415  # see above

    broker = RabbitBroker(
        broker_url, logger=None, default_channel=Channel(publisher_confirms=True, on_return_raises=True)
    )
    exchange = RabbitExchange(f"{prefix}stripe.events", declare=False)

    @post
    async def webhook(request: Request) -> AsgiResponse:
        payload = await request.body()
        try:
            event = stripe.Webhook.construct_event(payload, request.headers.get("stripe-signature", ""), SECRET)
        except (ValueError, stripe.SignatureVerificationError):
            return AsgiResponse(b'{"error":"signature"}', 400)
        await broker.publish(
            payload,
            exchange=exchange,
            routing_key=f"main.test.{event.type}",
            message_id=event.id,
            message_type=event.type,
            mandatory=True,
            persist=True,
        )
        return AsgiResponse(b'{"received":true}', 200, {"content-type": "application/json"})

    app = AsgiFastStream(broker, logger=None, asgi_routes=[(PATH, webhook)])
    async with serve(_uvicorn(app, lifespan="on")) as port:
        yield port


SERVERS: dict[str, Opened] = {
    "bridge": bridge,
    "Starlette, construct_event": partial(starlette, construct=True),
    "Starlette, verify_header": partial(starlette, construct=False),
    "FastStream, construct_event": faststream,
}


def _uvicorn(app: object, lifespan: str = "off") -> uvicorn.Config:
    return uvicorn.Config(
        app,  # type: ignore[arg-type]  # FastStream's own idea of ASGI's types
        port=0,
        http="httptools",
        ws="none",
        lifespan=lifespan,  # type: ignore[arg-type]  # one of its literals
        log_config=None,
        access_log=False,
        backlog=2048,
    )
