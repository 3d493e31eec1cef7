"""`sidecar run`: consume queues."""

import asyncio
from contextlib import AsyncExitStack
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from sidecar.cli.command import ConfigOption, fail, run_async, settings_or_fail
from sidecar.consumer import Consumer
from sidecar.settings.settings import Settings

if TYPE_CHECKING:
    from sidecar.breaker.board import Board
    from sidecar.observability.metrics import Metrics


def run(
    names: Annotated[
        list[str] | None, typer.Argument(help="Consumers, for example `orders`; all without a name.")
    ] = None,
    config: ConfigOption = None,
) -> None:
    """Consume one or more queues until SIGTERM; then finish what is in hand.

    Any number of processes may consume the same queue.

    Example: sidecar run orders stripe-events
    """
    from sidecar.cli.tracing import traced
    from sidecar.discovery import UnknownConsumerError, consumers_named
    from sidecar.observability.logs import configure_logs

    try:
        consumers = consumers_named(tuple(names or ()))
    except UnknownConsumerError as error:
        fail(str(error))
    settings = settings_or_fail(config, "run")
    configure_logs()
    with traced(settings, "run"):
        run_async(_run(consumers, settings), starts=True)


async def _run(consumers: tuple[Consumer, ...], settings: Settings) -> None:
    from prometheus_client import CollectorRegistry

    from sidecar.adapters.broker_amqp.consume import ConsumeOptions, consume
    from sidecar.breaker.circuit import STORE_CIRCUIT
    from sidecar.cli.signals import stop_on_signals
    from sidecar.compose import open_ports
    from sidecar.intake.dispatcher import Dispatcher
    from sidecar.intake.inlet import Inlet
    from sidecar.intake.long_held import told
    from sidecar.intake.prefetch import PrefetchPolicy
    from sidecar.observability.health import health_app, serve_health
    from sidecar.observability.roles import RunMetrics
    from sidecar.presence import present
    from sidecar.runtime.worker import Worker, WorkerOptions
    from sidecar.start_up import kept
    from sidecar.topology import Names
    from sidecar.upstreams import routes_of

    stop = stop_on_signals()
    options = settings.runtime
    registry = CollectorRegistry()
    measured = RunMetrics(registry)
    metrics = measured.messages
    connections = {consumer.queue: False for consumer in consumers}
    inlets = measured.inlets
    boards: list[Board] = []

    def circuits() -> dict[str, str]:
        return {circuit.name: circuit.state for board in boards for circuit in board.circuits}

    app = health_app(
        registry,
        lambda: {f"consuming {queue}": up for queue, up in connections.items()},
        lambda: {
            # A queue that is left alone is no reason to stop a process: it is doing what it should.
            "intake": {queue: inlet.intake.name.lower() for queue, inlet in inlets.items()},
            "circuits": circuits(),
        },
    )
    async with (
        open_ports(
            settings,
            observer=measured.stripe,
            magento_observer=measured.magento,
            circuit_observer=measured.circuits,
            locks=options.concurrency * len(consumers) + 2,
            busy=True,
        ) as ports,
        serve_health(app, options.http_host, options.http_port),
        AsyncExitStack() as stack,
        asyncio.TaskGroup() as tasks,
    ):
        stack.enter_context(kept())
        board = ports.board
        if board is None:
            raise AssertionError("busy processes have one")
        boards.append(board)
        for consumer in consumers:
            worker = Worker(
                consumer, ports, metrics, WorkerOptions(max_attempts=options.max_attempts), board[STORE_CIRCUIT]
            )
            aside = measured.intake.set_aside.labels(consumer.queue)
            dispatcher = Dispatcher(worker.handle, options.concurrency, ports.clock, on_set_aside=aside.inc)
            policy = PrefetchPolicy(
                places=options.concurrency, most=options.prefetch, most_bytes=options.prefetch_bytes
            )
            inlet = Inlet(dispatcher, policy, board, routes_of(consumer, settings), [STORE_CIRCUIT])
            inlets[consumer.queue] = inlet
            measured.intake.watch(consumer.queue, inlet)
            await stack.enter_async_context(
                present(ports.store.replicas, group=f"run {consumer.queue}", replica=ports.replica, clock=ports.clock)
            )
            await stack.enter_async_context(told(dispatcher, ports.store.replicas, consumer.queue, ports.clock))
            tasks.create_task(
                consume(
                    settings.broker.url.get_secret_value(),
                    consumer.queue,
                    dispatcher.receive,
                    stop,
                    names=Names(settings.broker.prefix),
                    publisher=ports.publisher,
                    clock=ports.clock,
                    options=ConsumeOptions(grace=options.shutdown_grace),
                    on_connected=partial(_told, connections, metrics, consumer.queue),
                    window=inlet,
                )
            )


def _told(connections: dict[str, bool], metrics: "Metrics", queue: str, *, connected: bool) -> None:
    connections[queue] = connected
    metrics.connected.labels(queue).set(connected)
