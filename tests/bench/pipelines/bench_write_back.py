"""Write-backs to a Magento that has shoppers too: as many at once as it can take, or a number that is set."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

import httpx
from pydantic import SecretStr
from typing_extensions import override

from schemas.ids import AccountAlias, Instance, MagentoOrderId, PaymentIntentId, StripeRef
from sidecar.adapters.magento_rest.authorization import BearerAuth
from sidecar.adapters.magento_rest.client import MagentoClient
from sidecar.adapters.magento_rest.orders import RestOrders
from sidecar.errors import TransientError
from sidecar.limiter.places import Places
from sidecar.ports.magento import PaymentDetails
from tests.bench.bench import Bench, Run, interleave
from tests.bench.figures import Contender, Figure, Role
from tests.bench.pipelines.magento_stand_in import PhpFpm, serving

ROLES: dict[int | None, Role] = {None: "ours", 1: "peer", 4: "peer", 16: "peer"}
"""How many at once; None: found out."""
MOST = 32
SHOPPERS = (0.0, 30.0, 60.0)
"""Requests a second: none, some, and two thirds of all that the workers can do."""
RETRY = 1.0
"""Seconds until what was refused is tried again: the first rung of the ladder."""
STRIPE = StripeRef(account=AccountAlias("main"), mode="test")


@dataclass(frozen=True, slots=True)
class Size:
    """How long each turn is, in seconds of work for the workers; and how many kinds of days there are."""

    write_backs: int
    days: Sequence[float]


class _Fixed(Places):
    """Always the same number."""

    def __init__(self, number: int) -> None:
        super().__init__("magento", number)
        self._number = number

    @property
    @override
    def most(self) -> int:
        return self._number

    @override
    def complain(self, pause: timedelta | None) -> None:
        """It goes on as before."""


@dataclass(frozen=True, slots=True)
class _Turn:
    rate: float
    p99: float
    answered: float
    shoppers: float


async def measure(size: Size, run: Run) -> Sequence[Figure]:
    """For each kind of day, all contenders in turns."""
    figures: list[Figure] = []
    for shoppers in size.days:
        run.say(f"{shoppers:.0f} requests of shoppers a second")
        server = PhpFpm()
        async with serving(server, shoppers) as url:

            async def turn(at_once: int | None, server: PhpFpm = server, url: str = url) -> _Turn:
                return await _turn(server, url, at_once, size.write_backs)

            turns = await interleave(ROLES, run.rounds, turn)
        figures += _figures(f"{shoppers:.0f} shoppers' requests/s", turns, with_shoppers=shoppers > 0)
    return figures


def _figures(about: str, turns: dict[int | None, list[_Turn]], *, with_shoppers: bool) -> list[Figure]:
    def figure(what: str, unit: str, values: dict[int | None, list[float]]) -> Figure:
        names = {at_once: "adaptive" if at_once is None else f"{at_once} at once" for at_once in values}
        those = tuple(Contender(name=names[each], role=ROLES[each], samples=tuple(values[each])) for each in values)
        return Figure(name=f"{about}: {what}", unit=unit, contenders=those)

    found = [
        figure("throughput", "write-backs/s", {each: [turn.rate for turn in those] for each, those in turns.items()}),
        figure(
            "p99 of a write-back at Magento",
            "ms",
            {each: [turn.p99 for turn in those] for each, those in turns.items()},
        ),
        figure("not refused by 503", "%", {each: [turn.answered for turn in those] for each, those in turns.items()}),
    ]
    if with_shoppers:
        found.append(
            figure(
                "p99 of a shopper's request",
                "ms",
                {each: [turn.shoppers for turn in those] for each, those in turns.items()},
            )
        )
    return found


async def _turn(server: PhpFpm, url: str, at_once: int | None, write_backs: int) -> _Turn:
    places = Places("magento", MOST) if at_once is None else _Fixed(at_once)
    # One at a time would take all day for as many.
    wanted = write_backs // 4 if at_once == 1 else write_backs
    server.forget()
    async with httpx.AsyncClient(
        base_url=f"{url}/rest/V1/",
        auth=BearerAuth(SecretStr("bench")),
        limits=httpx.Limits(max_connections=MOST, max_keepalive_connections=MOST),
        timeout=30,
    ) as http:
        orders = RestOrders(Instance("shop"), MagentoClient(http, places=places))
        began = time.perf_counter()
        async with asyncio.TaskGroup() as tasks:
            for number in range(1, wanted + 1):
                tasks.create_task(_write_back(orders, number))
        seconds = time.perf_counter() - began
    refused = server.refused["sidecar"]
    return _Turn(
        rate=wanted / seconds,
        p99=_p99(server.waits["sidecar"]),
        answered=100 * wanted / (wanted + refused),
        shoppers=_p99(server.waits["shopper"]),
    )


async def _write_back(orders: RestOrders, number: int) -> None:
    payment = PaymentDetails(
        stripe=STRIPE,
        payment_intent_id=PaymentIntentId(f"pi_{number}"),
        charge_id=None,
        amount=Decimal("87.48"),
        currency="USD",
    )
    while True:
        try:
            await orders.record_capture(MagentoOrderId(number), payment)
        except TransientError:
            await asyncio.sleep(RETRY)
        else:
            return


def _p99(seconds: list[float]) -> float:
    return sorted(seconds)[len(seconds) * 99 // 100] * 1000 if seconds else 0.0


BENCH = Bench(
    about="write-backs by REST to a Magento with six PHP workers and shoppers: found out how many at once, or set",
    measure=measure,
    quick=Size(write_backs=150, days=(30.0,)),
    full=Size(write_backs=400, days=SHOPPERS),
    quick_rounds=1,
    full_rounds=5,
)
