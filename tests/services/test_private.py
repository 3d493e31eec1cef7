"""Whether a private server keeps what was confirmed when it is killed, and comes back at the same address."""

import asyncio

import aio_pika
import aiomysql
from yarl import URL

from tests.services.addresses import broker_answers, store_answers
from tests.services.server import Server


async def query(url: str, *statements: str) -> list[tuple[object, ...]]:
    address = URL(url)
    connection = await aiomysql.connect(
        host=address.host,
        port=address.port,
        user=address.user,
        password=address.password,
        db=address.path.lstrip("/"),
        autocommit=True,
    )
    try:
        async with connection.cursor() as cursor:
            for statement in statements:
                await cursor.execute(statement)
            return list(await cursor.fetchall())
    finally:
        await connection.ensure_closed()


async def test_a_killed_database_has_what_was_committed(private_store: Server, private_database_url: str) -> None:
    await query(private_database_url, "CREATE TABLE paid (id INT PRIMARY KEY)", "INSERT INTO paid VALUES (42)")
    await asyncio.to_thread(private_store.kill)
    assert not await asyncio.to_thread(store_answers, private_store.url)
    await asyncio.to_thread(private_store.start)
    assert await query(private_database_url, "SELECT id FROM paid") == [(42,)]


async def test_a_killed_broker_has_what_was_confirmed(private_broker: Server) -> None:
    # A queue that was only just declared may die with the broker (see `Server.kill`): an orderly stop keeps it.
    connection = await aio_pika.connect(private_broker.url)
    async with connection:
        channel = await connection.channel()
        await channel.declare_queue("kept", durable=True)
    await asyncio.to_thread(private_broker.stop)
    await asyncio.to_thread(private_broker.start)
    connection = await aio_pika.connect(private_broker.url)
    async with connection:
        channel = await connection.channel()
        await channel.default_exchange.publish(
            aio_pika.Message(b"42", delivery_mode=aio_pika.DeliveryMode.PERSISTENT), routing_key="kept"
        )
    await asyncio.to_thread(private_broker.kill)
    assert not await asyncio.to_thread(broker_answers, private_broker.url)
    await asyncio.to_thread(private_broker.start)
    connection = await aio_pika.connect(private_broker.url)
    async with connection:
        channel = await connection.channel()
        queue = await channel.declare_queue("kept", passive=True)
        message = await queue.get(timeout=30)
        await message.ack()
        assert message.body == b"42"
        await queue.delete()
