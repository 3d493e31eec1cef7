"""The bridge beside its floor and its peers, at several numbers of connections and sizes of events."""

import secrets
import statistics
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aio_pika

from tests.bench.bench import Bench, Run, interleave
from tests.bench.bridge.contestant import FLOOR, Contestant, Load, Turn, contestants
from tests.bench.bridge.servers import SERVERS
from tests.bench.figures import Contender, Figure, Goal
from tests.services.private import private_broker
from tests.services.server import ServiceError

OURS = "bridge"
NAMES = (FLOOR, *SERVERS)
PACE, PACE_CONNECTIONS = 500, 64
SHARED_MEMORY = Path("/dev/shm")  # noqa: S108  # a folder without a disk below it
HAS_SHARED_MEMORY = SHARED_MEMORY.is_dir()
_GOALS = (
    Goal(at_least=0.55, against=FLOOR),
    Goal(at_least=1.3, against="Starlette, construct_event"),
    Goal(at_least=1.3, against="FastStream, construct_event"),
)


@dataclass(frozen=True, slots=True)
class Size:
    """How much is measured.

    Attributes:
        connections: how many at once.
        bodies: bytes of an event.
        seconds: of a turn as fast as it goes.
        paced_seconds: of a turn at 500 requests a second.
        without_disk: whether that is done on a broker without a disk as well.
    """

    connections: tuple[int, ...]
    bodies: tuple[int, ...]
    seconds: float
    paced_seconds: float
    without_disk: bool


async def measure(size: Size, run: Run) -> Sequence[Figure]:
    """All of it."""
    async with scene(run.broker_url) as found:
        figures = [
            figure
            for connections in size.connections
            for body in size.bodies
            for figure in await _flat_out(found, Load(connections=connections, size=body, seconds=size.seconds), run)
        ]
        paced = Load(connections=PACE_CONNECTIONS, size=size.bodies[0], seconds=size.paced_seconds, rate=PACE)
        figures += await _paced(found, paced, "", run)
    if size.without_disk and HAS_SHARED_MEMORY:
        with tempfile.TemporaryDirectory(dir=SHARED_MEMORY) as folder:
            try:
                broker = private_broker(Path(folder))
                broker.server.start()
            except ServiceError as error:
                run.say(f"no broker without a disk: {error}")
                return figures
            try:
                async with scene(broker.server.url) as found:
                    figures += await _paced(found, paced, ", the broker's data in memory", run)
            finally:
                broker.server.stop()
    return figures


@asynccontextmanager
async def scene(broker_url: str) -> AsyncIterator[dict[str, Contestant]]:
    """The contestants, warm, and a quorum queue that keeps no more than a turn needs."""
    prefix = f"bench-{secrets.token_hex(4)}."
    async with AsyncExitStack() as stack:
        connection = await stack.enter_async_context(await aio_pika.connect(broker_url))
        channel = await connection.channel()
        exchange = await channel.declare_exchange(f"{prefix}stripe.events", "topic", durable=True)
        stack.push_async_callback(exchange.delete)
        queue = await channel.declare_queue(
            f"{prefix}stripe-events", durable=True, arguments={"x-queue-type": "quorum", "x-max-length": 1000}
        )
        stack.push_async_callback(queue.delete, if_unused=False, if_empty=False)
        await queue.bind(exchange, "*.*.#")
        found = await stack.enter_async_context(contestants(NAMES, broker_url, prefix))
        for contestant in found.values():
            await contestant.turn(Load(connections=32, size=2000, seconds=0.5))
        yield found


async def _flat_out(found: dict[str, Contestant], load: Load, run: Run) -> list[Figure]:
    turns = await _turns(found, load, run)
    name = f"{load.connections} connections, {load.size // 1000} kB"
    return [
        _figure(name, "requests/s", {who: [turn.rate for turn in each] for who, each in turns.items()}, _GOALS),
        _figure(name, "µs of processor", {who: [turn.processor for turn in each] for who, each in turns.items()}),
    ]


async def _paced(found: dict[str, Contestant], load: Load, where: str, run: Run) -> list[Figure]:
    turns = await _turns(found, load, run)
    name = f"at {load.rate}/s, {load.size // 1000} kB{where}"
    return [
        _figure(f"{name}: p50", "ms", {who: [turn.p50 for turn in each] for who, each in turns.items()}),
        _figure(
            f"{name}: p99", "ms", {who: [turn.p99 for turn in each] for who, each in turns.items()}, (Goal(at_most=10),)
        ),
    ]


async def _turns(found: dict[str, Contestant], load: Load, run: Run) -> dict[str, list[Turn]]:
    pace = "flat out" if load.rate is None else f"{load.rate}/s"

    async def turn(name: str) -> Turn:
        return await found[name].turn(load)

    turns = await interleave(found, run.rounds, turn)
    median = statistics.median(each.rate for each in turns[OURS])
    run.say(f"{load.connections} connections, {load.size} bytes, {pace}: {median:.0f} requests/s")
    return turns


def _figure(name: str, unit: str, samples: dict[str, list[float]], goals: tuple[Goal, ...] = ()) -> Figure:
    roles = {OURS: "ours", FLOOR: "floor"}
    contenders = [
        Contender.model_validate({"name": who, "role": roles.get(who, "peer"), "samples": values})
        for who, values in samples.items()
    ]
    contenders.sort(key=lambda each: each.role != "ours")
    return Figure(name=name, unit=unit, contenders=tuple(contenders), goals=goals)


BENCH = Bench(
    about="the bridge beside aio-pika's bare confirm, and minimal Starlette and FastStream applications",
    measure=measure,
    quick=Size((32,), (2000,), seconds=0.5, paced_seconds=1.0, without_disk=False),
    full=Size((32, 128, 512), (2000, 20_000), seconds=1.0, paced_seconds=2.0, without_disk=True),
    full_rounds=5,
)
