"""Variants of one consumer, each in a process of its own, that take turns at the same queue."""

import asyncio
import multiprocessing
import os
import resource
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any, Literal

import uvloop

from sidecar.compose import open_ports
from sidecar.consumer import Consumer
from sidecar.discovery import consumers_named
from sidecar.observability.logs import configure_logs
from tests.bench.pipelines.consuming import consuming
from tests.bench.pipelines.replay import Queue, Replay, bare_consumer, faststream_consumer, replay
from tests.bench.pipelines.scene import Scene, handle
from tests.bench.pipelines.script import Script, recording

READY = "ready"
Variant = Literal["sidecar", "floor", "faststream"]
Consume = Callable[[Queue, Replay], AbstractAsyncContextManager[None]]
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Contest:
    """What all of them are about.

    Attributes:
        queue: whose messages they take.
        script: what those say that have to be told.
        about: the order that the script is about.
        places: how many messages each may work on at once.
    """

    scene: Scene
    queue: str
    stripe_url: str
    script: Script
    about: int
    places: int


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
async def _sidecar(contest: Contest) -> AsyncIterator[Take]:
    (consumer,) = consumers_named((contest.queue,))
    async with consuming(consumer, contest.scene.settings(contest.stripe_url)) as ours:

        async def take(numbers: range) -> Turn:
            watch = _Watch(len(numbers))
            await ours.take(len(numbers), watch.first, watch.done)
            return watch.turn

        yield take


@asynccontextmanager
async def _replayed(contest: Contest, opened: Consume) -> AsyncIterator[Take]:
    async with replay(contest.scene, contest.places) as replaying:

        async def take(numbers: range) -> Turn:
            # What it says is put together before, so that the floor does not pay for it.
            replaying.steps = {number: contest.script.about(contest.about, number) for number in numbers}
            watch = _Watch(len(numbers))
            queue = Queue(contest.scene, contest.queue, contest.places, watch.first, watch.done)
            async with opened(queue, replaying):
                await watch.over.wait()
            return watch.turn

        yield take


async def record(scene: Scene, consumer: Consumer, stripe_url: str, *bodies: bytes) -> Script:
    """What the consumer says about the last of the messages, once it is warm."""
    async with open_ports(scene.settings(stripe_url), locks=4) as ports:
        for body in bodies[:-1]:
            await handle(consumer, ports, body)
        with recording(_name(scene.store_url), _name(scene.magento_url)) as script:
            await handle(consumer, ports, bodies[-1])
    return script


def _name(url: str) -> str:
    return url.rsplit("/", 1)[1]


async def _perform(pipe: Connection, contest: Contest, variant: Variant) -> None:
    if variant == "sidecar":
        opened = _sidecar(contest)
    else:
        opened = _replayed(contest, bare_consumer if variant == "floor" else faststream_consumer)
    async with opened as take:
        pipe.send(READY)
        while (numbers := await asyncio.to_thread(pipe.recv)) is not None:
            pipe.send(await take(numbers))


def _process(pipe: Connection, contest: Contest, variant: Variant) -> None:
    # Its log is written as in production, and goes where nobody reads it.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stderr.fileno())
    configure_logs()
    try:
        uvloop.run(_perform(pipe, contest, variant))
    except Exception as error:  # noqa: BLE001  # whoever waits for it has to know
        pipe.send(f"{type(error).__name__}: {error}")


class Contestant:
    """One variant's process."""

    def __init__(self, pipe: Connection, process: BaseProcess) -> None:
        self._pipe = pipe
        self._process = process

    async def ready(self) -> None:
        """Wait until it can take messages."""
        await asyncio.to_thread(self._receive)

    async def take(self, numbers: range) -> Turn:
        """Settle the messages about these orders, which are in the queue."""
        self._pipe.send(numbers)
        turn: Turn = await asyncio.to_thread(self._receive)
        return turn

    def end(self) -> None:
        """Ask it to end, and see to it."""
        with suppress(OSError):
            self._pipe.send(None)
        self._process.join(10)
        if self._process.is_alive():
            self._process.kill()

    def _receive(self) -> Any:
        try:
            said = self._pipe.recv()
        except EOFError:
            said = "died"
        if isinstance(said, str) and said != READY:
            raise RuntimeError(f"{self._process.name}: {said}")
        return said


@asynccontextmanager
async def held(contest: Contest, *variants: Variant) -> AsyncIterator[dict[Variant, Contestant]]:
    """Start the processes, and end them after the block."""
    spawn = multiprocessing.get_context("spawn")
    async with AsyncExitStack() as stack:
        contestants: dict[Variant, Contestant] = {}
        for variant in variants:
            ours, theirs = spawn.Pipe()
            process = spawn.Process(target=_process, args=(theirs, contest, variant), name=variant, daemon=True)
            process.start()
            theirs.close()
            contestants[variant] = Contestant(ours, process)
            stack.callback(contestants[variant].end)
            await contestants[variant].ready()
        yield contestants
