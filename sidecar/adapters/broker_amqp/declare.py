"""Makes the broker hold what the topology says, and tells where it does not."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
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
        dead_letters_of: the work queue whose dead letters the queue keeps.
    """

    kind: Literal["exchange", "queue"]
    name: str
    problem: Literal["missing", "differs"]
    dead_letters_of: str | None = None

    @property
    def remedy(self) -> str:
        """What to do."""
        if self.problem == "missing":
            return "run `sidecar topology apply`"
        if self.dead_letters_of is not None:
            return "run `sidecar topology apply`, which replaces it once it is empty"
        if self.kind == "exchange":
            return f"run `rabbitmqadmin delete exchange name={self.name}`, then `sidecar topology apply`"
        return (
            f"stop what publishes into it, wait until it is empty, run `rabbitmqctl delete_queue {self.name}`, "
            "then `sidecar topology apply`"
        )


class TopologyConflictError(Exception):
    """Something is there with other arguments; the message names it and says what to do."""


ON_ITS_WAY = 1.0
"""Seconds after which a message that was routed to a queue is in it."""

Alone = Callable[[str], AbstractAsyncContextManager[bool]]
"""Keeps everybody else away from the dead letters of a work queue; False when somebody is at them."""


async def apply(url: str, topology: Topology, alone: Alone | None = None) -> tuple[str, ...]:
    """Declare everything; what is there already stays as it is, except for bindings that are retired.

    An empty dead-letter queue with other arguments is replaced, if `alone` is given: nothing else is ever deleted.

    Returns:
        The queues that were replaced.

    Raises:
        TransientError: the broker is away.
        TopologyConflictError: something is there with other arguments; nothing was changed but what was replaced.
    """
    differing = [each for each in await diff(url, topology) if each.problem == "differs"]
    stay = [each for each in differing if alone is None or each.dead_letters_of is None]
    if stay:
        raise TopologyConflictError("; ".join(f"{d.kind} {d.name} differs: {d.remedy}" for d in stay))
    by_name = {queue.name: queue for queue in topology.queues}
    for each in differing:
        if alone is not None and each.dead_letters_of is not None:
            await _replace(url, by_name[each.name], each.dead_letters_of, topology, alone)
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
    return tuple(each.name for each in differing)


async def _replace(url: str, queue: QueueDeclaration, of: str, topology: Topology, alone: Alone) -> None:
    """Delete a dead-letter queue that is empty, and declare it anew.

    A quorum queue cannot be deleted on the condition that it is empty (`if-empty` is answered by 540), so nothing may
    come in between the look and the deletion: the queue is unbound first. What is parked meanwhile finds no queue and
    is parked a moment later. Nobody else has a letter in hand, whom the broker would not count: that is what `alone`
    is for.
    """
    async with alone(of) as nobody_else:
        if not nobody_else:
            raise TopologyConflictError(f"somebody is at the dead letters of {of}: apply again in a moment")
        async with _connected(url) as connection:
            channel = await connection.channel()
            found = await channel.get_queue(queue.name, ensure=False)
            bindings = [each for each in topology.bindings if each.queue == queue.name]
            for binding in bindings:
                await found.unbind(binding.exchange, binding.routing_key)
            try:
                await asyncio.sleep(ON_ITS_WAY)
                declared = await channel.declare_queue(queue.name, passive=True)
                count = declared.declaration_result.message_count
                if count:
                    raise TopologyConflictError(
                        f"queue {queue.name} differs and holds {count} dead letters: deal with them (`sidecar dlq list "
                        f"--queue {of}`, then `replay` or `discard`), then run `sidecar topology apply`"
                    )
                await channel.queue_delete(queue.name)
                await _declare_queue(channel, queue)
            finally:
                for binding in bindings:
                    await found.bind(binding.exchange, binding.routing_key)


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
                found.append(Difference("queue", queue.name, problem, queue.dead_letters_of))
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
