"""From an upstream's return to normal flow: `python -m tests.bench.recovery`.

A line to RabbitMQ, MariaDB, Stripe or Magento's REST is cut for a while, seen from the consumers alone, while orders
are placed; then it is restored. Measured from there: until the first of these orders is paid, and until all are.
"""

import argparse
import asyncio
import sys
import time
from collections.abc import Sequence
from typing import Final

import orjson
from pydantic import BaseModel

from sidecar.sandbox.demo.people import OrderSeen
from sidecar.sandbox.demo.stage import ACCOUNT, INSTANCE, Plan, Stage, role, set_stage
from tests.acceptance.play import Play, playing
from tests.services import discover
from tests.services.addresses import Services
from tests.services.tcp_proxy import TcpProxy

UPSTREAMS: Final = ("rabbitmq", "mariadb", "stripe", "magento")
MOST_ORDERS = 30
PATIENCE = 300.0
LOOK_EVERY = 0.1


class _Orders(BaseModel):
    orders: tuple[OrderSeen, ...]


def _through(upstream: str, line: TcpProxy) -> dict[str, str]:
    """The setting that leads the consumers over the line."""
    name = {
        "rabbitmq": "SIDECAR_BROKER__URL",
        "mariadb": "SIDECAR_STORE__URL",
        "stripe": f"SIDECAR_STRIPE__{ACCOUNT.upper()}__BASE_URL",
        "magento": f"SIDECAR_MAGENTO__{INSTANCE.upper()}__BASE_URL",
    }[upstream]
    return {name: line.url.rstrip("/") if upstream in {"stripe", "magento"} else line.url}


def _server(upstream: str, stage: Stage) -> str:
    return {
        "rabbitmq": stage.broker_url,
        "mariadb": stage.store_url,
        "stripe": stage.stripe_url,
        "magento": stage.magento_url,
    }[upstream]


async def measure(services: Services, upstream: str, cut_for: float) -> dict[str, object]:
    plan = Plan(roles=("bridge",), disorder=0)
    async with (
        set_stage(services.broker_url, services.store_url, plan) as stage,
        playing(stage) as play,
        TcpProxy(_server(upstream, stage)) as line,
        role(stage, "run", **_through(upstream, line)),
    ):
        await play.paid(await play.place())
        if line.connections == 0:
            raise AssertionError("the consumers do not use the line")
        await line.cut()
        begin = time.monotonic()
        placed: list[int] = []
        while (left := begin + cut_for - time.monotonic()) > 0:
            if len(placed) < MOST_ORDERS:
                placed.append(await play.place())
            await asyncio.sleep(min(left, max(1.0, cut_for / MOST_ORDERS)))
        await line.restore()
        first, everything = await _flow(play, placed)
        return {
            "upstream": upstream,
            "cut_s": cut_for,
            "orders": len(placed),
            "first_paid_s": round(first, 1),
            "all_paid_s": round(everything, 1),
            "parked": await play.parked(),
        }


async def _flow(play: Play, placed: Sequence[int]) -> tuple[float, float]:
    """Seconds from now to the first of the orders paid, and to the last."""
    begin, first, wanted = time.monotonic(), 0.0, set(placed)
    async with asyncio.timeout(PATIENCE):
        while True:
            answer = await play.http.get(f"{play.stage.magento_url}/_sandbox/orders")
            paid = {each.order_id for each in _Orders.model_validate_json(answer.content).orders if each.invoices}
            passed = time.monotonic() - begin
            first = first or (passed if paid & wanted else 0.0)
            if wanted <= paid:
                return first, passed
            await asyncio.sleep(LOOK_EVERY)


async def run(services: Services, upstreams: Sequence[str], cuts: Sequence[float], *, as_json: bool) -> None:
    for upstream in upstreams:
        for cut_for in cuts:
            found = await measure(services, upstream, cut_for)
            if as_json:
                sys.stdout.write(orjson.dumps(found).decode() + "\n")
            else:
                sys.stdout.write(", ".join(f"{name} {value}" for name, value in found.items()) + "\n")
            sys.stdout.flush()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("upstreams", nargs="*", help=f"{', '.join(UPSTREAMS)}; all without a name")
    parser.add_argument("--cut", type=float, action="append", help="seconds; 5, 30 and 120 without it")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    unknown = [name for name in options.upstreams if name not in UPSTREAMS]
    if unknown:
        parser.error(f"there is no {unknown[0]!r}; there are: {', '.join(UPSTREAMS)}")
    cuts = options.cut or [5, 30, 120]
    asyncio.run(run(discover.up(), options.upstreams or UPSTREAMS, cuts, as_json=options.json))


if __name__ == "__main__":
    main()
