"""Messages that nobody can handle: each has to be parked with a reason, and nothing else may suffer from it."""

import asyncio
import contextlib
import json

import aio_pika
from aiormq.exceptions import AMQPError

from tests.chaos.world import PoisonDeed

EXCHANGE, KEY, QUEUE = "magento.events", "order.placed", "orders"


def bodies(mark: str) -> list[tuple[str, bytes]]:
    """What comes: its mark, and the message."""
    envelope = {
        "specversion": "1.0",
        "id": mark,
        "source": "/magento/main",
        "type": "magento.order.placed.v1",
        "time": "2026-01-01T00:00:00Z",
    }
    return [
        (f"{mark}-text", f"not JSON, {mark}-text".encode()),
        (f"{mark}-part", json.dumps(envelope | {"id": f"{mark}-part", "data": {"order_id": "many"}}).encode()),
        (f"{mark}-v9", json.dumps(envelope | {"id": f"{mark}-v9", "type": "magento.order.placed.v9"}).encode()),
    ]


async def publish(broker_url: str, routing_key: str, mark: str) -> list[PoisonDeed]:
    """Publish one of each kind, confirmed; what was not confirmed is published again, and may be there twice."""
    for _, body in bodies(mark):
        while True:
            with contextlib.suppress(AMQPError, OSError):
                await _publish(broker_url, routing_key, body)
                break
            await asyncio.sleep(0.5)
    return [PoisonDeed(QUEUE, each) for each, _ in bodies(mark)]


async def _publish(broker_url: str, routing_key: str, body: bytes) -> None:
    connection = await aio_pika.connect(broker_url)
    async with connection:
        channel = await connection.channel(publisher_confirms=True, on_return_raises=True)
        exchange = await channel.get_exchange(EXCHANGE, ensure=False)
        await exchange.publish(aio_pika.Message(body, delivery_mode=2), routing_key, mandatory=True)
