"""A consumer as `sidecar run` composes it, for as many messages as a turn has."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta

from prometheus_client import CollectorRegistry

from sidecar.adapters.broker_amqp.consume import ConsumeOptions, consume
from sidecar.breaker.circuit import STORE_CIRCUIT
from sidecar.compose import OpenPorts, open_ports
from sidecar.consumer import Consumer
from sidecar.intake.dispatcher import Dispatcher
from sidecar.intake.inlet import Inlet
from sidecar.intake.prefetch import PrefetchPolicy
from sidecar.observability.roles import RunMetrics
from sidecar.ports.delivery import QueuedDelivery
from sidecar.runtime.worker import Worker, WorkerOptions
from sidecar.settings.settings import Settings
from sidecar.topology import Names
from sidecar.upstreams import routes_of


class Consuming:
    """The process's ports, kept from turn to turn."""

    def __init__(self, consumer: Consumer, settings: Settings, ports: OpenPorts, measured: RunMetrics) -> None:
        board = ports.board
        if board is None:
            raise AssertionError("busy processes have one")
        self._settings = settings
        self._ports = ports
        self._queue = consumer.queue
        options = settings.runtime
        worker = Worker(
            consumer, ports, measured.messages, WorkerOptions(max_attempts=options.max_attempts), board[STORE_CIRCUIT]
        )
        self._dispatcher = Dispatcher(worker.handle, options.concurrency, ports.clock)
        policy = PrefetchPolicy(places=options.concurrency, most=options.prefetch, most_bytes=options.prefetch_bytes)
        self._inlet = Inlet(self._dispatcher, policy, board, routes_of(consumer, settings), [STORE_CIRCUIT])

    async def take(self, messages: int, on_taken: Callable[[], None], on_done: Callable[[], None]) -> None:
        """Consume until so many messages have been settled; told each that comes in, and each that is settled."""
        stop, left = asyncio.Event(), messages

        async def receive(delivery: QueuedDelivery) -> None:
            nonlocal left
            on_taken()
            await self._dispatcher.receive(delivery)
            on_done()
            left -= 1
            if left == 0:
                stop.set()

        await consume(
            self._settings.broker.url.get_secret_value(),
            self._queue,
            receive,
            stop,
            names=Names(self._settings.broker.prefix),
            publisher=self._ports.publisher,
            clock=self._ports.clock,
            options=ConsumeOptions(grace=timedelta(seconds=25)),
            on_connected=_tell_nobody,
            window=self._inlet,
        )


def _tell_nobody(*, connected: bool) -> None:
    del connected


@asynccontextmanager
async def consuming(consumer: Consumer, settings: Settings) -> AsyncIterator[Consuming]:
    """Open the ports of a busy process."""
    measured = RunMetrics(CollectorRegistry())
    async with open_ports(
        settings,
        observer=measured.stripe,
        magento_observer=measured.magento,
        circuit_observer=measured.circuits,
        locks=settings.runtime.concurrency + 2,
        busy=True,
    ) as ports:
        yield Consuming(consumer, settings, ports, measured)
