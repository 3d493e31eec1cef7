"""What a second replica of the consumers is worth while Stripe, and not the processor, is what they wait for."""

import asyncio
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Literal

from tests.bench.bench import Bench, Run, interleave
from tests.bench.figures import Contender, Figure, Goal
from tests.bench.pipelines.bench_orders import STRIPE, place
from tests.bench.pipelines.contest import Contest, held
from tests.bench.pipelines.scene import TEMPLATE, Numbers, scene
from tests.bench.pipelines.script import Script
from tests.bench.pipelines.stripe_stand_in import Upstream, answering

Replicas = Literal["one replica", "two replicas"]
PLACES = 8
"""Orders in hand of each: few enough that two cores are no limit to either."""
WARM = 2 * PLACES
CUSHION = 100
"""More orders than are counted: who comes to its number first ends what it has in hand, which the other would miss."""


@dataclass(frozen=True, slots=True)
class Size:
    """How many orders a turn has for each replica."""

    orders: int


async def measure(size: Size, run: Run) -> Sequence[Figure]:
    """One and two take turns at backlogs that give each replica as many orders."""
    orders = Numbers(TEMPLATE + 1)
    async with (
        scene(run.broker_url, run.store_url, paid_at_once=True, concurrency=PLACES) as at,
        answering(Upstream(at.story.answers, STRIPE)) as url,
        AsyncExitStack() as stack,
    ):
        contest = Contest(scene=at, queue="orders", stripe_url=url, script=Script(), about=TEMPLATE, places=PLACES)
        both = [(await stack.enter_async_context(held(contest, "sidecar")))["sidecar"] for _ in range(2)]

        async def turn(name: Replicas, each: int = size.orders) -> float:
            working = both[:1] if name == "one replica" else both
            numbers = orders.take(each * len(working))
            await place(at, range(numbers.start, orders.take(CUSHION).stop))
            turns = await asyncio.gather(*(contestant.take(numbers[:each]) for contestant in working))
            return len(numbers) / max(one.seconds for one in turns)

        names: tuple[Replicas, ...] = ("one replica", "two replicas")
        await turn("two replicas", WARM)
        rates = await interleave(names, run.rounds, turn)
    return [
        Figure(
            name=f"orders while Stripe answers in {STRIPE.median * 1000:.0f} ms, {PLACES} at once in each",
            unit="orders/s",
            contenders=(
                Contender(name="two replicas", role="ours", samples=tuple(rates["two replicas"])),
                Contender(name="one replica", role="peer", samples=tuple(rates["one replica"])),
            ),
            goals=(Goal(at_least=1.8, against="one replica"),),
        )
    ]


BENCH = Bench(
    about="orders paid by card with one and with two replicas of the consumers",
    measure=measure,
    quick=Size(orders=48),
    full=Size(orders=240),
)
