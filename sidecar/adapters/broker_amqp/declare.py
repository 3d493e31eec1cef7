"""Makes the broker hold what the topology says, and tells where it does not."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Literal

import aio_pika
from aio_pika.abc import AbstractChannel, AbstractConnection
from aio_pika.exceptions import ChannelNotFoundEntity, ChannelPreconditionFailed

from sidecar.adapters.broker_amqp.failures import translated
from sidecar.topology import ExchangeDeclaration, QueueDeclaration, Topology


@dataclass(frozen=True, slots=True)
class Difference:
    """Something that is not as declared.

    Attributes:
        problem: `missing`, or `differs`: it is there with other arguments, which RabbitMQ does not change in place.
    """

    kind: Literal["exchange", "queue"]
    name: str
    problem: Literal["missing", "differs"]

    @property
    def remedy(self) -> str:
        """What to do."""
        if self.problem == "missing":
            return "run `sidecar topology apply`"
        return f"drain and delete the {self.kind}, then run `sidecar topology apply`"


class TopologyConflictError(Exception):
    """Something is there with other arguments; the message names it and says what to do."""


async def apply(url: str, topology: Topology) -> None:
    """Declare everything; what is there already stays as it is, except for bindings that are retired.

    Raises:
        TransientError: the broker is away.
        TopologyConflictError: something is there with other arguments.
    """
    differing = [each for each in await diff(url, topology) if each.problem == "differs"]
    if differing:
        raise TopologyConflictError("; ".join(f"{d.kind} {d.name} differs: {d.remedy}" for d in differing))
    async with _connected(url) as connection:
        channel = await connection.channel()
        for exchange in topology.exchanges:
            await _declare_exchange(channel, exchange)
        for queue in topology.queues:
            await _declare_queue(channel, queue)
        for binding in topology.bindings:
            bound = await channel.get_queue(binding.queue, ensure=False)
            await bound.bind(binding.exchange, binding.routing_key)
        for binding in topology.retired:
            bound = await channel.get_queue(binding.queue, ensure=False)
            await bound.unbind(binding.exchange, binding.routing_key)


async def diff(url: str, topology: Topology) -> list[Difference]:
    """What is missing or has other arguments. Nothing is changed. AMQP cannot list bindings: `apply` renews them.

    Raises:
        TransientError: the broker is away.
    """
    found: list[Difference] = []
    async with _connected(url) as connection:
        for exchange in topology.exchanges:
            problem = await _problem(connection, exchange)
            if problem:
                found.append(Difference("exchange", exchange.name, problem))
        for queue in topology.queues:
            problem = await _problem(connection, queue)
            if problem:
                found.append(Difference("queue", queue.name, problem))
    return found


async def remove(url: str, topology: Topology) -> None:
    """Delete everything that was declared, with the messages in it: for tests and stand-ins.

    Raises:
        TransientError: the broker is away.
    """
    async with _connected(url) as connection:
        channel = await connection.channel()
        for queue in topology.queues:
            await channel.queue_delete(queue.name)
        for exchange in topology.exchanges:
            await channel.exchange_delete(exchange.name)


async def depth(url: str, queue: str) -> int:
    """How many messages wait in a queue.

    Raises:
        TransientError: the broker is away, or has no such queue.
    """
    async with _connected(url) as connection:
        channel = await connection.channel()
        declared = await channel.declare_queue(queue, passive=True)
        return declared.declaration_result.message_count or 0


async def _problem(
    connection: AbstractConnection, declaration: ExchangeDeclaration | QueueDeclaration
) -> Literal["missing", "differs"] | None:
    # A refused declaration closes its channel, so each gets one of its own.
    channel = await connection.channel()
    try:
        if isinstance(declaration, ExchangeDeclaration):
            await channel.declare_exchange(declaration.name, declaration.type, passive=True)
            await _declare_exchange(channel, declaration)
        else:
            await channel.declare_queue(declaration.name, passive=True)
            await _declare_queue(channel, declaration)
    except ChannelNotFoundEntity:
        return "missing"
    except ChannelPreconditionFailed:
        return "differs"
    else:
        return None
    finally:
        if not channel.is_closed:
            await channel.close()


async def _declare_exchange(channel: AbstractChannel, declaration: ExchangeDeclaration) -> None:
    await channel.declare_exchange(
        declaration.name, declaration.type, durable=True, arguments=dict(declaration.arguments)
    )


async def _declare_queue(channel: AbstractChannel, declaration: QueueDeclaration) -> None:
    await channel.declare_queue(declaration.name, durable=True, arguments=dict(declaration.arguments))


@asynccontextmanager
async def _connected(url: str) -> AsyncIterator[AbstractConnection]:
    with translated("reading the topology"):
        connection = await aio_pika.connect(url, timeout=5)
        try:
            yield connection
        finally:
            await connection.close()
