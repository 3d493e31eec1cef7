"""What an event that a payment succeeded costs, from the queue to its acknowledgement."""

from collections.abc import Sequence
from dataclasses import dataclass

from consumers.stripe_events import CONSUMER
from tests.bench.bench import Bench, Run, interleave
from tests.bench.figures import Contender, Figure, Goal, Role
from tests.bench.pipelines.contest import Contest, Turn, Variant, held, record
from tests.bench.pipelines.scene import TEMPLATE, Numbers, Scene, scene
from tests.bench.pipelines.script import WHERE, Script
from tests.bench.pipelines.stripe_stand_in import Upstream, answering

ROLES: dict[Variant, Role] = {"sidecar": "ours", "floor": "floor", "faststream": "peer"}
NAMES: dict[Variant, str] = {"sidecar": "sidecar", "floor": "bare drivers", "faststream": "FastStream"}
ROUTING_KEY = "main.test.payment_intent.succeeded"
PLACES = 16
"""Messages worked on at once, by each; what all of them hold has to fit into MariaDB's 151 connections."""
WARM = 50


@dataclass(frozen=True, slots=True)
class Size:
    """How many events a turn has."""

    events: int


async def measure(size: Size, run: Run) -> Sequence[Figure]:
    """Each variant drains a backlog of its own orders' events in its turn."""
    async with (
        scene(run.broker_url, run.store_url, concurrency=PLACES) as at,
        answering(Upstream(at.story.answers)) as url,
    ):
        script = await _script(at, url)
        orders = Numbers(TEMPLATE + 3)
        contest = Contest(
            scene=at, queue="stripe-events", stripe_url=url, script=script, about=TEMPLATE + 2, places=PLACES
        )
        async with held(contest, *ROLES) as contestants:

            async def turn(variant: Variant, events: int = size.events) -> Turn:
                numbers = orders.take(events)
                await at.add_orders(numbers)
                bodies = [at.story.about(at.story.succeeded, number) for number in numbers]
                await at.publish("stripe.events", ROUTING_KEY, bodies)
                return await contestants[variant].take(numbers)

            for variant in ROLES:
                await turn(variant, WARM)
            turns = await interleave(ROLES, run.rounds, turn)
    about = f"payment_intent.succeeded, backlog of {size.events}, {PLACES} at once"
    rates = {variant: [each.rate for each in those] for variant, those in turns.items()}
    costs = {variant: [each.processor / each.messages * 1e6 for each in those] for variant, those in turns.items()}
    return [
        Figure(
            name=about,
            unit="events/s",
            contenders=contenders(rates),
            goals=(Goal(at_least=0.7, against=NAMES["floor"]),),
        ),
        Figure(name=about, unit="µs of processor an event", contenders=contenders(costs)),
        *(
            Figure(name=f"an event: {where}", unit="round trips", contenders=(ours(script.count(where)),))
            for where in WHERE
        ),
    ]


async def _script(at: Scene, url: str) -> Script:
    """Of the second of two events, when everything is connected."""
    numbers = range(TEMPLATE + 1, TEMPLATE + 3)
    await at.add_orders(numbers)
    return await record(at, CONSUMER, url, *(at.story.about(at.story.succeeded, number) for number in numbers))


def contenders(samples: dict[Variant, list[float]]) -> tuple[Contender, ...]:
    """As a figure has them."""
    return tuple(Contender(name=NAMES[each], role=ROLES[each], samples=tuple(samples[each])) for each in samples)


def ours(*samples: float) -> Contender:
    """Nobody beside us."""
    return Contender(name=NAMES["sidecar"], role="ours", samples=samples)


BENCH = Bench(
    about="an event of Stripe's, from the queue through store and Magento to its acknowledgement, beside bare drivers",
    measure=measure,
    quick=Size(events=100),
    full=Size(events=600),
)
