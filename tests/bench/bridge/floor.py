"""The floor: aio-pika's publish with confirm, and nothing before or after it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aio_pika

from tests.bench.bridge.load import Send
from tests.bench.bridge.webhooks import TYPE, event


@asynccontextmanager
async def confirming(broker_url: str, prefix: str, lines: int, size: int) -> AsyncIterator[list[Send]]:
    """So many who publish an event of this size each, on one channel."""
    connection = await aio_pika.connect(broker_url)
    async with connection:
        channel = await connection.channel(publisher_confirms=True, on_return_raises=True)
        exchange = await channel.get_exchange(f"{prefix}stripe.events", ensure=False)

        def sender(number: int) -> Send:
            body = event(number, size)

            async def send() -> None:
                message = aio_pika.Message(
                    body,
                    message_id=f"evt_{number}Bench",
                    type=TYPE,
                    delivery_mode=aio_pika.DeliveryMode.PERSISTENT,
                )
                await exchange.publish(message, f"main.test.{TYPE}", mandatory=True)

            return send

        yield [sender(number) for number in range(lines)]
