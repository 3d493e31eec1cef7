"""Orders that are paid by card: against Stripe's limits, without them, and one at a time."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass, replace

from consumers.orders import CONSUMER
from sidecar.sandbox.stripe.config import RateLimits
from tests.bench.bench import Bench, Run, interleave
from tests.bench.figures import Contender, Figure, Goal
from tests.bench.pipelines.bench_stripe_events import PLACES, WARM, contenders, ours
from tests.bench.pipelines.contest import Contest, Turn, Variant, held, record
from tests.bench.pipelines.databases import clone
from tests.bench.pipelines.scene import MAGENTO_TABLES, TEMPLATE, Numbers, Scene, scene
from tests.bench.pipelines.script import Script
from tests.bench.pipelines.stripe_stand_in import Latency, Upstream, answering

STRIPE = Latency(0.150)
"""An answer of Stripe's: 150 ms, one in a hundred eight times as long."""
NEAR = Latency(0.020)
"""Where no limit is met, so that latency is not what is measured."""
AT_ONCE = 32
"""Orders in hand: enough that neither endpoint waits for the other."""
PAY = "POST /v1/payment_intents"
LIMITS = RateLimits(overall=100, per_endpoint=25)
"""Of a live account (docs.stripe.com/rate-limits)."""
PER_ENDPOINT, OVERALL = 25.0, 100.0


@dataclass(frozen=True, slots=True)
class Size:
    """How many orders each part has.

    Attributes:
        burst: at Stripe's limits; 25 a second.
        turn: a turn without limits.
        alone: one at a time.
    """

    burst: int
    turn: int
    alone: int


async def measure(size: Size, run: Run) -> Sequence[Figure]:
    """The three parts, one after the other."""
    orders = Numbers(TEMPLATE + 1)
    async with scene(run.broker_url, run.store_url, paid_at_once=True, concurrency=AT_ONCE) as at:
        run.say(f"a burst of {size.burst} orders")
        figures = await _at_the_limits(at, orders.take(size.burst))
        run.say("without limits")
        figures += await _without_limits(at, orders, size.turn, run)
        run.say("one at a time")
        return [*figures, await _alone(at, orders, size.alone)]


async def place(at: Scene, numbers: range) -> None:
    """Put these orders into Magento, and their messages into the queue."""
    await clone(at.magento_url, MAGENTO_TABLES, numbers, TEMPLATE, {})
    await at.publish("magento.events", "order.placed.v1", [at.story.about(at.story.placed, each) for each in numbers])


def _contest(at: Scene, url: str) -> Contest:
    """Of ourselves alone, to whom nobody has to tell what to say."""
    return Contest(scene=at, queue="orders", stripe_url=url, script=Script(), about=TEMPLATE, places=AT_ONCE)


async def _at_the_limits(at: Scene, numbers: range) -> list[Figure]:
    upstream = Upstream(at.story.answers, STRIPE, LIMITS)
    limited = replace(at, stripe={"requests_per_second": OVERALL, "endpoint_requests_per_second": PER_ENDPOINT})
    async with answering(upstream) as url, held(_contest(limited, url), "sidecar") as contestants:
        await place(at, numbers)
        turn = await contestants["sidecar"].take(numbers)
    paid = upstream.accepted[PAY]
    rate = (len(paid) - 1) / (max(paid) - min(paid))
    calls = sum(map(len, upstream.accepted.values())) + upstream.refused
    about = f"{len(numbers)} orders at Stripe's limits"
    allowed = Contender(name="Stripe's limit", role="floor", samples=(PER_ENDPOINT,))
    goal = Goal(at_least=0.97, against=allowed.name)
    return [
        Figure(
            name=f"{about}, first payment to last", unit="payments/s", contenders=(ours(rate), allowed), goals=(goal,)
        ),
        Figure(
            name=f"{about}, first delivery to last acknowledgement",
            unit="orders/s",
            contenders=(ours(turn.rate), allowed),
        ),
        Figure(
            name=f"{about}, refused by 429",
            unit="‰ of the calls",
            contenders=(ours(upstream.refused / calls * 1000),),
            goals=(Goal(at_most=1.0),),
        ),
    ]


async def _without_limits(at: Scene, orders: Numbers, size: int, run: Run) -> list[Figure]:
    variants: tuple[Variant, ...] = ("sidecar", "floor")
    at = replace(at, runtime={"concurrency": PLACES})
    async with answering(Upstream(at.story.answers, NEAR)) as url:
        recorded = orders.take(2)
        await clone(at.magento_url, MAGENTO_TABLES, recorded, TEMPLATE, {})
        script = await record(at, CONSUMER, url, *(at.story.about(at.story.placed, each) for each in recorded))
        contest = Contest(scene=at, queue="orders", stripe_url=url, script=script, about=recorded[-1], places=PLACES)
        async with held(contest, *variants) as contestants:

            async def turn(variant: Variant, messages: int = size) -> Turn:
                numbers = orders.take(messages)
                await place(at, numbers)
                return await contestants[variant].take(numbers)

            for variant in variants:
                await turn(variant, WARM)
            turns = await interleave(variants, run.rounds, turn)
    rates = {variant: [each.rate for each in those] for variant, those in turns.items()}
    costs = {variant: [each.processor / each.messages * 1e6 for each in those] for variant, those in turns.items()}
    about = f"{size} orders, limits raised, {PLACES} at once"
    return [
        Figure(name=about, unit="orders/s", contenders=contenders(rates), goals=(Goal(at_least=400),)),
        Figure(name=about, unit="µs of processor an order", contenders=contenders(costs)),
    ]


async def _alone(at: Scene, orders: Numbers, size: int) -> Figure:
    upstream = Upstream(at.story.answers, STRIPE)
    own: list[float] = []
    async with answering(upstream) as url, held(_contest(at, url), "sidecar") as contestants:
        for numbers in (orders.take(1) for _ in range(size + WARM // 10)):
            await place(at, numbers)
            turn = await contestants["sidecar"].take(numbers)
            own.append((turn.seconds - upstream.waited[str(numbers.start)]) * 1000)
    own = sorted(own[WARM // 10 :])
    return Figure(
        name=f"an order alone, without its {len(upstream.answers) - 1} waits for Stripe, median of {size}",
        unit="ms",
        contenders=(ours(statistics.median(own)),),
        goals=(Goal(at_most=12.0),),
    )


BENCH = Bench(
    about="orders paid by card: how near they come to Stripe's limits, and what they cost without",
    measure=measure,
    quick=Size(burst=150, turn=100, alone=20),
    full=Size(burst=2000, turn=600, alone=200),
    full_rounds=5,
)
