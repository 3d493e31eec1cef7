"""The consume loop: connect, take up to `prefetch` messages, and begin again when the link is lost."""

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

import aio_pika
import structlog
from aio_pika.abc import AbstractIncomingMessage

from sidecar.adapters.broker_amqp.delivery import AmqpDelivery
from sidecar.adapters.broker_amqp.failures import translated
from sidecar.adapters.broker_amqp.publisher import AmqpPublisher
from sidecar.errors import TransientError
from sidecar.ports.clock import Clock
from sidecar.ports.delivery import Receive
from sidecar.topology import Names

log = structlog.get_logger("sidecar.broker")

FIRST_PAUSE, LONGEST_PAUSE = 0.2, 15.0
"""Seconds between attempts to connect: doubled each time."""


class OnConnected(Protocol):
    """Told when consuming begins and ends, for readiness."""

    def __call__(self, *, connected: bool) -> None:
        """Whether messages can come in now."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsumeOptions:
    """How a queue is consumed.

    Attributes:
        prefetch: messages in hand at once.
        grace: how long what is in hand may take after `stop`; what is left then is given back.
    """

    prefetch: int = 32
    grace: timedelta = timedelta(seconds=25)


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
) -> None:
    """Consume until `stop` is set; then finish what is in hand and return.

    The broker may be away at any time, also at the start: the loop waits and says so in the log.
    """
    pause = FIRST_PAUSE
    while not stop.is_set():
        try:
            await _session(
                url,
                queue,
                receive,
                stop,
                names=names,
                publisher=publisher,
                clock=clock,
                options=options,
                on_connected=on_connected,
            )
            pause = FIRST_PAUSE
        except TransientError as error:
            log.warning("not consuming", queue=queue, detail=str(error), retry_in_seconds=pause)
            await _wait(stop, pause)
            pause = min(pause * 2, LONGEST_PAUSE)
        finally:
            on_connected(connected=False)


async def _session(
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
) -> None:
    """One connection's life."""
    tasks: set[asyncio.Task[None]] = set()
    lost = asyncio.Event()

    async def take(message: AbstractIncomingMessage) -> None:
        task = asyncio.create_task(receive(AmqpDelivery(message, queue, names, publisher, clock)))
        tasks.add(task)
        task.add_done_callback(tasks.discard)

    with translated(f"consuming {queue}"):
        connection = await aio_pika.connect(url, timeout=5)
        try:
            connection.close_callbacks.add(lambda *_: lost.set())
            channel = await connection.channel(publisher_confirms=False)
            channel.close_callbacks.add(lambda *_: lost.set())
            await channel.set_qos(prefetch_count=options.prefetch)
            source = await channel.get_queue(names.work(queue), ensure=True)
            tag = await source.consume(take)
            # The broker cancels a consumer whose queue is deleted or has lost its leader, and leaves the channel open.
            underlay = await channel.get_underlay_channel()
            underlay.on_consumer_cancel_callbacks.add(lambda *_: lost.set())
            on_connected(connected=True)
            log.info("consuming", queue=queue, prefetch=options.prefetch)
            await _first(stop, lost)
            if stop.is_set() and not lost.is_set():
                await source.cancel(tag)
        finally:
            on_connected(connected=False)
            await _finish(tasks, options.grace)
            await connection.close()
    if lost.is_set() and not stop.is_set():
        raise TransientError("broker", "connection_lost", f"the connection for {queue} was lost")


async def _finish(tasks: set[asyncio.Task[None]], grace: timedelta) -> None:
    """Let what is in hand finish, and cancel what takes too long: it gives its message back."""
    if not tasks:
        return
    _, late = await asyncio.wait(set(tasks), timeout=grace.total_seconds())
    for task in late:
        task.cancel()
    if late:
        await asyncio.wait(late, timeout=5)


async def _first(*events: asyncio.Event) -> None:
    waits = [asyncio.create_task(event.wait()) for event in events]
    try:
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for wait in waits:
            wait.cancel()


async def _wait(stop: asyncio.Event, seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds):
            await stop.wait()
    except TimeoutError:
        return
