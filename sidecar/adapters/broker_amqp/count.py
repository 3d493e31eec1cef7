"""Counts what is in queues, without taking anything out.

A passive declaration needs no permission on the queue and is answered from the leader's own count
(rabbitmq.com/docs/access-control, rabbitmq.com/amqp-0-9-1-reference).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import aio_pika
from aio_pika.exceptions import ChannelNotFoundEntity

from sidecar.adapters.broker_amqp.failures import translated


@dataclass(frozen=True, slots=True)
class QueueCount:
    """What is in a queue.

    Attributes:
        messages: those that wait, without those that a consumer has in hand.
        consumers: how many are connected, of any process.
    """

    name: str
    messages: int
    consumers: int


async def count(url: str, queues: Sequence[str]) -> list[QueueCount]:
    """Count each; one that does not exist is left out.

    Raises:
        TransientError: the broker is away.
    """
    found: list[QueueCount] = []
    with translated("counting messages"):
        connection = await aio_pika.connect(url, timeout=5)
        try:
            for name in queues:
                # One that is missing closes its channel, so each gets one of its own.
                channel = await connection.channel(publisher_confirms=False)
                try:
                    queue = await channel.declare_queue(name, passive=True)
                except ChannelNotFoundEntity:
                    continue
                declared = queue.declaration_result
                found.append(QueueCount(name, declared.message_count or 0, declared.consumer_count or 0))
                await channel.close()
        finally:
            await connection.close()
    return found
