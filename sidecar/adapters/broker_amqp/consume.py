"""The consume loop: connect, take as many messages as the window says, and begin again when the link is lost."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any, Protocol

import aio_pika
import structlog
from aio_pika.abc import AbstractChannel, AbstractConnection, AbstractIncomingMessage, AbstractQueue
from aio_pika.exceptions import ChannelNotFoundEntity
from aiormq.exceptions import ChannelAccessRefused

from sidecar.adapters.broker_amqp.delivery import AmqpDelivery
from sidecar.adapters.broker_amqp.failures import translated
from sidecar.adapters.broker_amqp.publisher import AmqpPublisher
from sidecar.errors import TransientError
from sidecar.intake.window import Window
from sidecar.ports.clock import Clock
from sidecar.ports.delivery import Lane, Receive
from sidecar.topology import Names

log = structlog.get_logger("sidecar.broker")

FIRST_PAUSE, LONGEST_PAUSE = 0.2, 5.0
"""Seconds between attempts to connect: doubled each time. The longest is how late a return may be noticed."""


class OnConnected(Protocol):
    """Told when consuming begins and ends, for readiness."""

    def __call__(self, *, connected: bool) -> None:
        """Whether messages can come in now."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsumeOptions:
    """How a queue is consumed.

    Attributes:
        prefetch: messages in hand at once, where no `Window` says how many.
        grace: how long what is in hand may take after `stop`; what is left then is given back.
    """

    prefetch: int = 32
    grace: timedelta = timedelta(seconds=25)


class _Fixed:
    """`Window` of always the same size; the surplus queue is left alone."""

    def __init__(self, size: int) -> None:
        self._size = size

    def size(self, lane: Lane) -> int:
        return self._size if lane == "main" else 0

    async def changed(self) -> None:
        await asyncio.Event().wait()

    def lacks(self, lane: Lane) -> None:
        """There is nothing to be done about it."""


async def consume(
    url: str,
    queue: str,
    receive: Receive,
    stop: asyncio.Event,
    *,
    names: Names,
    publisher: AmqpPublisher,
    clock: Clock,
    options: ConsumeOptions,
    on_connected: OnConnected,
    window: Window | None = None,
) -> None:
    """Consume until `stop` is set; then finish what is in hand and return.

    The broker may be away at any time, also at the start: the loop waits and says so in the log. `window` says how many
    messages may be in hand at a moment; while it says none, the queue is not consumed, and its messages stay ready for
    others.
    """
    session = _Session(
        url,
        queue,
        receive,
        stop,
        names=names,
        publisher=publisher,
        clock=clock,
        grace=options.grace,
        on_connected=on_connected,
        window=window or _Fixed(options.prefetch),
    )
    pause = FIRST_PAUSE
    try:
        while not stop.is_set():
            try:
                await session.run()
                pause = FIRST_PAUSE
            except TransientError as error:
                log.warning("not consuming", queue=queue, detail=str(error), retry_in_seconds=pause)
                await _wait(stop, pause)
                pause = min(pause * 2, LONGEST_PAUSE)
            finally:
                on_connected(connected=False)
    finally:
        await session.finish()


class _Session:
    """One connection's life, again and again."""

    def __init__(
        self,
        url: str,
        queue: str,
        receive: Receive,
        stop: asyncio.Event,
        *,
        names: Names,
        publisher: AmqpPublisher,
        clock: Clock,
        grace: timedelta,
        on_connected: OnConnected,
        window: Window,
    ) -> None:
        self._url = url
        self._queue = queue
        self._receive = receive
        self._stop = stop
        self._names = names
        self._publisher = publisher
        self._clock = clock
        self._grace = grace
        self._on_connected = on_connected
        self._window = window
        self._tasks: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        lost = asyncio.Event()
        with translated(f"consuming {self._queue}"):
            connection = await aio_pika.connect(self._url, timeout=5)
            try:
                connection.close_callbacks.add(lambda *_: lost.set())
                lanes = await self._lanes(connection, lost)
                self._on_connected(connected=True)
                await self._follow(lanes, lost)
                if not lost.is_set():
                    for lane in lanes:
                        await lane.resize(0)
            finally:
                self._on_connected(connected=False)
                if not lost.is_set():
                    await self.finish()
                # Else what is in hand goes on, and its message comes again meanwhile: the lock keeps the two apart.
                await connection.close()
        if lost.is_set() and not self._stop.is_set():
            raise TransientError("broker", "connection_lost", f"the connection for {self._queue} was lost")

    async def _lanes(self, connection: AbstractConnection, lost: asyncio.Event) -> list["_Consumption"]:
        """The surplus queue where there is one, and the main queue; each on a channel of its own."""
        lanes = []
        names: dict[Lane, str] = {"surplus": self._names.surplus(self._queue), "main": self._names.work(self._queue)}
        for lane, name in names.items():
            channel = await connection.channel(publisher_confirms=False)
            try:
                source = await channel.get_queue(name, ensure=True)
            except ChannelNotFoundEntity:
                if lane == "main":
                    raise
                self._goes_without_surplus()
            else:
                lanes.append(_Consumption(lane, channel, source, partial(self._take, lane), lost))
        return lanes

    async def _follow(self, lanes: list["_Consumption"], lost: asyncio.Event) -> None:
        """Keep to the window until the end."""
        shown = None
        while not self._stop.is_set() and not lost.is_set():
            changed = asyncio.ensure_future(self._window.changed())
            try:
                for lane in list(lanes):  # The surplus first: nothing is put there that nobody could get out.
                    try:
                        await lane.resize(self._window.size(lane.name))
                    except ChannelAccessRefused:
                        if lane.name == "main":
                            raise
                        lanes.remove(lane)
                        self._goes_without_surplus()
                if shown != (shown := {lane.name: lane.size for lane in lanes}):
                    log.info("consuming", queue=self._queue, prefetch=shown)
                await _first(self._stop.wait(), lost.wait(), changed)
            finally:
                changed.cancel()

    def _goes_without_surplus(self) -> None:
        self._window.lacks("surplus")
        log.warning("no surplus queue: run `sidecar topology apply`, or import its definitions", queue=self._queue)

    async def _take(self, lane: Lane, message: AbstractIncomingMessage) -> None:
        delivery = AmqpDelivery(message, self._queue, self._names, self._publisher, self._clock, lane=lane)
        task = asyncio.create_task(self._receive(delivery))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def finish(self) -> None:
        """Let what is in hand finish, and cancel what takes too long: it gives its message back."""
        if not self._tasks:
            return
        _, late = await asyncio.wait(set(self._tasks), timeout=self._grace.total_seconds())
        for task in late:
            task.cancel()
        if late:
            await asyncio.wait(late, timeout=5)


class _Consumption:
    """The consumer of one queue; RabbitMQ fixes how many messages it may have when it begins, so it begins anew."""

    def __init__(
        self,
        name: Lane,
        channel: AbstractChannel,
        source: AbstractQueue,
        take: Callable[[AbstractIncomingMessage], Awaitable[None]],
        lost: asyncio.Event,
    ) -> None:
        """`lost` is set when the broker ends what was begun."""
        self.name: Lane = name
        self.size = 0
        self._channel = channel
        self._source = source
        self._take = take
        self._lost = lost
        self._tag: str | None = None
        self._is_watched = False

    async def resize(self, size: int) -> None:
        """Have so many messages in hand from now on; 0: take none. What is in hand stays."""
        if size == self.size:
            return
        if self._tag is not None:
            await self._source.cancel(self._tag)
            self._tag = None
        if size:
            await self._channel.set_qos(prefetch_count=size)
            self._tag = await self._source.consume(self._take)
            await self._watch()
        self.size = size

    async def _watch(self) -> None:
        """From the first success on: what the user may not do, the broker answers by closing the channel."""
        if self._is_watched:
            return
        self._is_watched = True
        self._channel.close_callbacks.add(lambda *_: self._lost.set())
        # The broker cancels a consumer whose queue is deleted or has lost its leader, and leaves the channel open.
        underlay = await self._channel.get_underlay_channel()
        underlay.on_consumer_cancel_callbacks.add(lambda *_: self._lost.set())


async def _first(*waits: Coroutine[Any, Any, Any] | asyncio.Future[Any]) -> None:
    tasks = [asyncio.ensure_future(wait) for wait in waits]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()


async def _wait(stop: asyncio.Event, seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds):
            await stop.wait()
    except TimeoutError:
        return
