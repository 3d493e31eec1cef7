"""Variants of one consumer, each in a process of its own, that take turns at the same queue."""

import asyncio
import multiprocessing
import os
import resource
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Literal

import uvloop

from sidecar.consumer import Consumer
from sidecar.discovery import consumers_named
from sidecar.observability.logs import configure_logs
from tests.bench.pipelines.consuming import consuming
from tests.bench.pipelines.replay import Replay, bare_consumer, faststream_consumer, replay
from tests.bench.pipelines.scene import Scene, handle
from tests.bench.pipelines.script import Script, recording

Variant = Literal["sidecar", "floor", "faststream"]
Take = Callable[[range], Awaitable["Turn"]]


@dataclass(frozen=True, slots=True)
class Turn:
    """How a turn went.

    Attributes:
        messages: how many were settled.
        seconds: from the first delivery to the last settlement.
        processor: seconds of processor that this process took for it.
    """

    messages: int
    seconds: float
    processor: float

    @property
    def rate(self) -> float:
        return self.messages / self.seconds


class _Watch:
    """Takes the time of a turn."""

    def __init__(self, messages: int) -> None:
        self._left = self._messages = messages
        self._began: tuple[float, float] | None = None
        self._ended = (0.0, 0.0)
        self.over = asyncio.Event()

    def first(self) -> None:
        if self._began is None:
            self._began = time.perf_counter(), _processor()

    def done(self) -> None:
        self._left -= 1
        if self._left == 0:
            self._ended = time.perf_counter(), _processor()
            self.over.set()

    @property
    def turn(self) -> Turn:
        if self._began is None:
            raise AssertionError("nothing came")
        return Turn(self._messages, self._ended[0] - self._began[0], self._ended[1] - self._began[1])


def _processor() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


@asynccontextmanager
async def _sidecar(scene: Scene, consumer: Consumer, stripe_url: str) -> AsyncIterator[Take]:
    async with consuming(consumer, scene.settings(stripe_url)) as ours:

        async def take(numbers: range) -> Turn:
            watch = _Watch(len(numbers))
            await ours.take(len(numbers), watch.first, watch.done)
            return watch.turn

        yield take


@asynccontextmanager
async def _replayed(
    scene: Scene, consumer: Consumer, script: Script, template: int, variant: Variant, hands: int
) -> AsyncIterator[Take]:
    opened = bare_consumer if variant == "floor" else faststream_consumer
    async with replay(scene, hands) as replaying:

        async def take(numbers: range) -> Turn:
            # What it says is put together before, so that the floor does not pay for it.
            replaying.steps = {number: script.about(template, number) for number in numbers}
            watch = _Watch(len(numbers))
            async with opened(scene, consumer.queue, replaying, hands, watch.first, watch.done):
                await watch.over.wait()
            return watch.turn

        yield take


async def record(scene: Scene, consumer: Consumer, stripe_url: str, *bodies: bytes) -> Script:
    """What the consumer says about the last of the messages, once it is warm."""
    from sidecar.compose import open_ports  # noqa: PLC0415  # only who records needs it

    async with open_ports(scene.settings(stripe_url), locks=4) as ports:
        for body in bodies[:-1]:
            await handle(consumer, ports, body)
        with recording(_name(scene.store_url), _name(scene.magento_url)) as script:
            await handle(consumer, ports, bodies[-1])
    return script


def _name(url: str) -> str:
    return url.rsplit("/", 1)[1]


async def _perform(
    pipe: Connection,
    scene: Scene,
    queue: str,
    stripe_url: str,
    variant: Variant,
    script: Script,
    template: int,
    hands: int,
) -> None:
    (consumer,) = consumers_named((queue,))
    opened = (
        _sidecar(scene, consumer, stripe_url)
        if variant == "sidecar"
        else _replayed(scene, consumer, script, template, variant, hands)
    )
    async with opened as take:
        pipe.send("ready")
        while (numbers := await asyncio.to_thread(pipe.recv)) is not None:
            pipe.send(await take(numbers))


def _process(pipe: Connection, *arguments: object) -> None:
    # Its log is written as in production, and goes where nobody reads it.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stderr.fileno())
    configure_logs()
    uvloop.run(_perform(pipe, *arguments))  # type: ignore[arg-type]  # what `contest` sends


class Contestant:
    """One variant's process."""

    def __init__(self, pipe: Connection, process: multiprocessing.process.BaseProcess) -> None:
        self._pipe = pipe
        self.process = process

    async def take(self, numbers: range) -> Turn:
        """Settle the messages about these orders, which are in the queue."""
        self._pipe.send(numbers)
        turn: Turn = await asyncio.to_thread(self._receive)
        return turn

    def _receive(self) -> object:
        try:
            return self._pipe.recv()
        except EOFError:
            raise RuntimeError(f"{self.process.name} died") from None


@asynccontextmanager
async def contest(
    scene: Scene,
    queue: str,
    stripe_url: str,
    variants: tuple[Variant, ...],
    script: Script,
    template: int,
    hands: int = 16,
) -> AsyncIterator[dict[Variant, Contestant]]:
    """Start the processes, and end them after the block."""
    spawn = multiprocessing.get_context("spawn")
    async with AsyncExitStack() as stack:
        contestants: dict[Variant, Contestant] = {}
        for variant in variants:
            ours, theirs = spawn.Pipe()
            process = spawn.Process(
                target=_process,
                args=(theirs, scene, queue, stripe_url, variant, script, template, hands),
                name=variant,
                daemon=True,
            )
            process.start()
            theirs.close()
            contestant = Contestant(ours, process)
            stack.callback(_end, ours, process)
            await asyncio.to_thread(contestant._receive)
            contestants[variant] = contestant
        yield contestants


def _end(pipe: Connection, process: multiprocessing.process.BaseProcess) -> None:
    try:
        pipe.send(None)
    except OSError:
        pass
    process.join(10)
    if process.is_alive():
        process.kill()
