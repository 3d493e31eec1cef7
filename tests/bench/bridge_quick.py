"""The bridge beside the least that would do: Starlette, Stripe's library for the signature, aio-pika for the publish.

They are processes of their own over the same broker and queue and take turns under the same load, so that whatever else
the machine does hits all alike. `python -m tests.bench.bridge_quick [ROUNDS [SECONDS]]` prints requests a second, the
processor time of the server for each (which a busy machine does not blur), and, at a paced load, latencies.
"""

import argparse
import asyncio
import hashlib
import hmac
import json
import os
import secrets
import statistics
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import aio_pika
import orjson
from starlette.types import ASGIApp

BROKER = os.environ.get("SIDECAR_TEST_BROKER_URL", "amqp://guest:guest@127.0.0.1:5672/")
SECRET = "whsec_" + "b" * 32
PATH = "/webhooks/stripe/main"
VARIANTS = ("bridge", "starlette+verify_header", "starlette+construct_event")
CONNECTIONS = 32
PACE = 500


def event(number: int = 0) -> bytes:
    """An event of a common size: about 4 kB."""
    return orjson.dumps(
        {
            "id": f"evt_{number}Bench",
            "object": "event",
            "api_version": "2026-10-28.endive",
            "created": int(time.time()),
            "livemode": False,
            "type": "payment_intent.succeeded",
            "data": {
                "object": {
                    "id": "pi_1Bench",
                    "object": "payment_intent",
                    "amount": 8748,
                    "currency": "usd",
                    "status": "succeeded",
                    "metadata": {f"key_{number}": "value " * 10 for number in range(40)},
                }
            },
        },
        option=orjson.OPT_INDENT_2,
    )


def request(port: int, number: int) -> bytes:
    body, now = event(number), int(time.time())
    signature = hmac.new(SECRET.encode(), b"%d.%b" % (now, body), hashlib.sha256).hexdigest()
    return (
        f"POST {PATH} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json; charset=utf-8\r\n"
        f"User-Agent: Stripe/1.0 (+https://stripe.com/docs/webhooks)\r\nAccept: */*; q=0.5, application/xml\r\n"
        f"Cache-Control: no-cache\r\nStripe-Signature: t={now},v1={signature}\r\nContent-Length: {len(body)}\r\n\r\n"
    ).encode() + body


# --- the two servers


@asynccontextmanager
async def bridge(prefix: str) -> AsyncIterator[ASGIApp]:
    from prometheus_client import CollectorRegistry  # noqa: PLC0415  # each server loads only what it is made of
    from pydantic import SecretStr  # noqa: PLC0415  # same

    from schemas.ids import AccountAlias, StripeRef  # noqa: PLC0415  # same
    from sidecar.adapters.broker_amqp.publisher import open_publisher  # noqa: PLC0415  # same
    from sidecar.bridge.app import Account, Bridge, BridgeOptions  # noqa: PLC0415  # same
    from sidecar.bridge.metrics import BridgeMetrics  # noqa: PLC0415  # same
    from sidecar.observability.health import health_app  # noqa: PLC0415  # same
    from sidecar.system_clock import SystemClock  # noqa: PLC0415  # same
    from sidecar.topology import Names  # noqa: PLC0415  # same

    registry = CollectorRegistry()
    ref = StripeRef(account=AccountAlias("main"), mode="test")
    options = BridgeOptions(accounts={"main": Account(ref, (SecretStr(SECRET),))})
    async with open_publisher(BROKER, Names(prefix)) as publisher:
        await publisher.connect()
        yield Bridge(options, publisher, SystemClock(), BridgeMetrics(registry), health_app(registry, dict))


@asynccontextmanager
async def floor(prefix: str, *, construct: bool) -> AsyncIterator[ASGIApp]:
    import stripe  # noqa: PLC0415  # each server loads only what it is made of
    from starlette.applications import Starlette  # noqa: PLC0415  # same
    from starlette.requests import Request  # noqa: PLC0415  # same
    from starlette.responses import JSONResponse, Response  # noqa: PLC0415  # same
    from starlette.routing import Route  # noqa: PLC0415  # same

    connection = await aio_pika.connect(BROKER)
    channel = await connection.channel(publisher_confirms=True, on_return_raises=True)
    exchange = await channel.get_exchange(f"{prefix}stripe.events", ensure=False)

    async def webhook(received: Request) -> Response:
        payload = await received.body()
        header = received.headers.get("stripe-signature", "")
        if construct:
            happened = stripe.Webhook.construct_event(payload, header, SECRET, tolerance=300)
            event_id, kind = happened.id, happened.type
        else:
            stripe.WebhookSignature.verify_header(payload.decode(), header, SECRET, tolerance=300)
            parsed = json.loads(payload)
            event_id, kind = parsed["id"], parsed["type"]
        message = aio_pika.Message(
            payload, message_id=event_id, type=kind, delivery_mode=aio_pika.DeliveryMode.PERSISTENT
        )
        await exchange.publish(message, f"main.test.{kind}", mandatory=True)
        return JSONResponse({"received": True})

    try:
        yield Starlette(routes=[Route("/webhooks/stripe/{account}", webhook, methods=["POST"])])
    finally:
        await connection.close()


async def run_server(variant: str, prefix: str) -> None:
    from sidecar.bridge.serving import ServingOptions, serve_bridge  # noqa: PLC0415  # only in a server

    opened = bridge(prefix) if variant == "bridge" else floor(prefix, construct=variant.endswith("construct_event"))
    async with opened as app, serve_bridge(app, ServingOptions(port=0)) as port:
        sys.stdout.write(f"{port}\n")
        sys.stdout.flush()
        # Until the parent closes our standard input.
        await asyncio.to_thread(sys.stdin.read)


# --- the load


async def exchange_once(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, message: bytes) -> None:
    writer.write(message)
    head = await reader.readuntil(b"\r\n\r\n")
    if b" 200 " not in head[:16]:
        raise RuntimeError(head.decode())
    length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
    await reader.readexactly(length)


async def flat_out(port: int, seconds: float) -> float:
    """Requests a second with every connection always busy."""
    done = 0
    begin = time.perf_counter()
    end = begin + seconds

    async def one(number: int) -> None:
        nonlocal done
        message = request(port, number)
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        while time.perf_counter() < end:
            await exchange_once(reader, writer, message)
            done += 1
        writer.close()

    await asyncio.gather(*(one(number) for number in range(CONNECTIONS)))
    return done / (time.perf_counter() - begin)


async def paced(port: int, seconds: float) -> list[float]:
    """Milliseconds from when a request was due to its answer, `PACE` requests a second."""
    taken: list[float] = []
    idle: asyncio.Queue[tuple[asyncio.StreamReader, asyncio.StreamWriter, bytes]] = asyncio.Queue()
    for number in range(CONNECTIONS * 2):
        idle.put_nowait((*await asyncio.open_connection("127.0.0.1", port), request(port, number)))
    begin = time.perf_counter()

    async def one(due: float) -> None:
        reader, writer, message = await idle.get()
        await exchange_once(reader, writer, message)
        taken.append((time.perf_counter() - due) * 1000)
        idle.put_nowait((reader, writer, message))

    async with asyncio.TaskGroup() as tasks:
        for number in range(int(PACE * seconds)):
            due = begin + number / PACE
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            tasks.create_task(one(due))
    while not idle.empty():
        idle.get_nowait()[1].close()
    return sorted(taken)


# --- the comparison


@asynccontextmanager
async def topology(prefix: str) -> AsyncIterator[None]:
    """The exchange and a quorum queue that keeps no more than a run needs."""
    connection = await aio_pika.connect(BROKER)
    channel = await connection.channel()
    exchange = await channel.declare_exchange(f"{prefix}stripe.events", "topic", durable=True)
    queue = await channel.declare_queue(
        f"{prefix}stripe-events", durable=True, arguments={"x-queue-type": "quorum", "x-max-length": 1000}
    )
    await queue.bind(exchange, "*.*.#")
    try:
        yield
    finally:
        await queue.delete(if_unused=False, if_empty=False)
        await exchange.delete()
        await connection.close()


def processor_seconds(server: subprocess.Popen[str]) -> float:
    """What the process has used so far; 0 where there is no /proc."""
    try:
        fields = Path(f"/proc/{server.pid}/stat").read_text().rsplit(")", 1)[1].split()
    except FileNotFoundError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def compare(rounds: int, seconds: float) -> None:
    prefix = f"bench-{secrets.token_hex(4)}."
    async with topology(prefix):
        servers = {
            variant: subprocess.Popen(  # noqa: ASYNC220, S603  # our own module, started before anything is measured
                [sys.executable, "-m", "tests.bench.bridge_quick", "--serve", variant, "--prefix", prefix],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
            for variant in VARIANTS
        }
        try:
            ports = {
                variant: int(server.stdout.readline() if server.stdout else "") for variant, server in servers.items()
            }
            rates: dict[str, list[float]] = {variant: [] for variant in VARIANTS}
            costs: dict[str, list[float]] = {variant: [] for variant in VARIANTS}
            late: dict[str, list[float]] = {variant: [] for variant in VARIANTS}
            for port in ports.values():
                await flat_out(port, 0.5)
            for number in range(rounds):
                order = VARIANTS if number % 2 == 0 else VARIANTS[::-1]
                for variant in order:
                    before, begin = processor_seconds(servers[variant]), time.perf_counter()
                    rate = await flat_out(ports[variant], seconds)
                    spent = processor_seconds(servers[variant]) - before
                    rates[variant].append(rate)
                    costs[variant].append(spent / (rate * (time.perf_counter() - begin)) * 1e6)
                for variant in order:
                    late[variant] += await paced(ports[variant], seconds)
        finally:
            for server in servers.values():
                with suppress(subprocess.TimeoutExpired):
                    server.communicate(timeout=10)
                server.kill()
    cheap = statistics.median(costs["bridge"])
    ours = statistics.median(rates["bridge"])
    for variant in VARIANTS:
        times = sorted(late[variant])
        p50, p99 = times[len(times) // 2], times[len(times) * 99 // 100]
        rate, cost = statistics.median(rates[variant]), statistics.median(costs[variant])
        sys.stdout.write(
            f"{variant:26} {rate:6.0f} requests/s (bridge x{ours / rate:.2f}), {cost:5.0f} µs of processor each "
            f"(bridge x{cost / cheap:.2f}); at {PACE}/s: p50 {p50:.1f} ms, p99 {p99:.1f} ms\n"
        )


def main() -> None:
    import uvloop  # noqa: PLC0415  # not there on Windows

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rounds", nargs="?", type=int, default=5)
    parser.add_argument("seconds", nargs="?", type=float, default=2)
    parser.add_argument("--serve", choices=VARIANTS)
    parser.add_argument("--prefix", default="")
    options = parser.parse_args()
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        if options.serve:
            runner.run(run_server(options.serve, options.prefix))
        else:
            runner.run(compare(options.rounds, options.seconds))


if __name__ == "__main__":
    main()
