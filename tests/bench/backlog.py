"""Memory of a consumer with 100,000 messages waiting: `python -m tests.bench.backlog`.

For each of two queues: real messages are published to the exchange that theirs come by, all but one in a hundred of one
store, so that fair turns move its surplus; then a real `sidecar run QUEUE` works them off for a while, over the
stand-ins, and its resident memory is read from /proc all the time. The orders exist in no shop, so that each is taken
as far as Magento's 404 and parked; the events are of payments of such orders.
"""

import argparse
import asyncio
import copy
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aio_pika
import orjson

import schemas
from schemas.envelope import CONTENT_TYPE
from sidecar.adapters.broker_amqp.count import count
from sidecar.sandbox.demo.stage import Plan, Stage, process, set_stage
from sidecar.topology import Names
from tests.services import discover
from tests.services.addresses import Services

EXAMPLES = Path(schemas.__file__).parent / "examples"
AT_ONCE = 500
EVERY = 0.25
"""Seconds between two looks at the process."""
MEBIBYTE = 1024


@dataclass(frozen=True)
class Backlog:
    """What waits: for whom, by which exchange, and the message with a number."""

    queue: str
    exchange: str
    routing_key: str
    message: Callable[[int], dict[str, Any]]


def _order(number: int) -> dict[str, Any]:
    event: dict[str, Any] = copy.deepcopy(_ORDER)
    event["id"] = f"order-placed-main-{number}"
    event["data"] |= {"order_id": number, "increment_id": f"{number:09}", "quote_id": number}
    if number % 100 == 0:
        event["data"]["store"] |= {"store_id": 2, "store_code": "wholesale"}
    return event


def _event(number: int) -> dict[str, Any]:
    event: dict[str, Any] = copy.deepcopy(_EVENT)
    event |= {"id": f"evt_{number}", "source": "/stripe/main/test"}
    event["data"] |= {"id": f"evt_{number}", "livemode": False}
    intent = event["data"]["data"]["object"]
    intent |= {"id": f"pi_{number}", "livemode": False}
    intent["metadata"] |= {"magento_order_id": str(number), "magento_store_id": "2" if number % 100 == 0 else "1"}
    return event


_ORDER = orjson.loads((EXAMPLES / "magento.order.placed.v1" / "guest-usd-tax-and-discount.json").read_bytes())
_EVENT = orjson.loads((EXAMPLES / "stripe.event.v1" / "payment_intent.succeeded.json").read_bytes())
BACKLOGS = (
    Backlog("orders", "magento.events", "order.placed.v1", _order),
    Backlog("stripe-events", "stripe.events", "main.test.payment_intent.succeeded", _event),
)


@dataclass
class Memory:
    """Resident memory of a process, in MiB, as /proc says."""

    pid: int
    seen: list[float] = field(default_factory=list)

    async def watch(self) -> None:
        while True:
            with suppress(FileNotFoundError, ProcessLookupError):
                self.seen.append(self.now("VmRSS"))
            await asyncio.sleep(EVERY)

    def now(self, what: str) -> float:
        status = Path(f"/proc/{self.pid}/status").read_text()
        line = next(line for line in status.splitlines() if line.startswith(f"{what}:"))
        return int(line.split()[1]) / MEBIBYTE


async def publish(stage: Stage, backlog: Backlog, messages: int) -> int:
    """Publish all with confirms; gives the bytes of one."""
    size = 0
    connection = await aio_pika.connect(stage.broker_url)
    async with connection:
        channel = await connection.channel()
        exchange = await channel.get_exchange(Names(stage.prefix).prefix + backlog.exchange, ensure=False)
        for first in range(1, messages + 1, AT_ONCE):
            bodies = [orjson.dumps(backlog.message(n)) for n in range(first, min(first + AT_ONCE, messages + 1))]
            size = len(bodies[0])
            sent = [
                aio_pika.Message(body, content_type=CONTENT_TYPE, delivery_mode=aio_pika.DeliveryMode.PERSISTENT)
                for body in bodies
            ]
            await asyncio.gather(*(exchange.publish(each, backlog.routing_key) for each in sent))
    return size


async def lying(stage: Stage, queue: str) -> tuple[int, int]:
    """How many messages are in the consumer's queue and in its surplus queue."""
    names = Names(stage.prefix)
    main, surplus = await count(stage.broker_url, [names.work(queue), names.surplus(queue)])
    return main.messages, surplus.messages


async def measure(stage: Stage, backlog: Backlog, messages: int, seconds: float) -> dict[str, object]:
    idle = await _idle(stage, backlog)
    size = await publish(stage, backlog, messages)
    before = sum(await lying(stage, backlog.queue))
    most_aside = 0
    async with process("backlog", ["run", backlog.queue], _environment(stage), stage.folder) as consumer:
        memory = Memory(consumer.pid)
        watching = asyncio.create_task(memory.watch())
        deadline = time.monotonic() + seconds
        main, aside = await lying(stage, backlog.queue)
        while time.monotonic() < deadline and main + aside:
            await asyncio.sleep(1)
            main, aside = await lying(stage, backlog.queue)
            most_aside = max(most_aside, aside)
        peak = memory.now("VmHWM")
        watching.cancel()
    return {
        "queue": backlog.queue,
        "waiting": before,
        "bytes_each": size,
        "worked_off": before - main - aside,
        "set_aside_at_most": most_aside,
        "idle_mib": round(idle, 1),
        "median_mib": round(sorted(memory.seen)[len(memory.seen) // 2], 1),
        "peak_mib": round(peak, 1),
        "seconds": round(seconds - max(0.0, deadline - time.monotonic()), 1),
    }


async def _idle(stage: Stage, backlog: Backlog) -> float:
    """What the process takes while nothing waits, once it has settled."""
    async with process("idle", ["run", backlog.queue], _environment(stage), stage.folder) as consumer:
        memory = Memory(consumer.pid)
        await asyncio.sleep(8)
        return memory.now("VmRSS")


def _environment(stage: Stage) -> dict[str, str]:
    return {"SIDECAR_CONFIG": str(stage.config), "SIDECAR_RUNTIME__HTTP_PORT": "0"}


async def run(
    services: Services, queues: list[str], messages: int, seconds: float, *, limits: bool, as_json: bool
) -> None:
    for backlog in BACKLOGS:
        if queues and backlog.queue not in queues:
            continue
        plan = Plan(roles=(), disorder=0, rate_limited=limits)
        async with set_stage(services.broker_url, services.store_url, plan) as stage:
            found = await measure(stage, backlog, messages, seconds)
        if as_json:
            sys.stdout.write(orjson.dumps(found).decode() + "\n")
        else:
            sys.stdout.write(", ".join(f"{name} {value}" for name, value in found.items()) + "\n")
        sys.stdout.flush()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("queues", nargs="*", help="orders, stripe-events; both without a name")
    parser.add_argument("--messages", type=int, default=100_000)
    parser.add_argument("--seconds", type=float, default=60, help="how long each backlog is worked off")
    parser.add_argument("--no-limits", action="store_true", help="Stripe takes any number of calls: to drain it all")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    limits, as_json = not options.no_limits, options.json
    asyncio.run(run(discover.up(), options.queues, options.messages, options.seconds, limits=limits, as_json=as_json))


if __name__ == "__main__":
    main()
