"""The bridge on a real RabbitMQ: what a consumer gets, and what Stripe is told when there is nobody to get it."""

import asyncio
import socket
from collections.abc import AsyncIterator
from datetime import timedelta

import aio_pika
import orjson
import pytest
from aio_pika.abc import AbstractChannel, AbstractIncomingMessage

from schemas.envelope import CONTENT_TYPE
from sidecar.adapters.broker_amqp.publisher import open_publisher
from sidecar.topology import Names
from tests.services.tcp_proxy import TcpProxy
from tests.sidecar.bridge.conftest import Serve
from tests.sidecar.bridge.stripe_side import event_bytes, signed

PATH = "/webhooks/stripe/main"
PATIENCE = 20


@pytest.fixture
async def channel(broker_url: str) -> AsyncIterator[AbstractChannel]:
    connection = await aio_pika.connect(broker_url)
    async with connection:
        yield await connection.channel()


@pytest.fixture
async def names(channel: AbstractChannel, topology_prefix: str) -> AsyncIterator[Names]:
    """An exchange without a queue."""
    names = Names(topology_prefix)
    await channel.declare_exchange(names.exchange("stripe.events"), "topic", durable=True)
    yield names
    await channel.exchange_delete(names.exchange("stripe.events"))


@pytest.fixture
async def queue(channel: AbstractChannel, names: Names) -> AsyncIterator[str]:
    name = names.work("stripe-events")
    declared = await channel.declare_queue(name, durable=True, arguments={"x-queue-type": "quorum"})
    await declared.bind(names.exchange("stripe.events"), "main.test.#")
    yield name
    await channel.queue_delete(name)


async def take(channel: AbstractChannel, queue: str) -> AbstractIncomingMessage:
    message = await (await channel.get_queue(queue)).get(timeout=PATIENCE)
    await message.ack()
    return message


async def test_a_consumer_gets_stripes_very_bytes(
    serve: Serve, broker_url: str, names: Names, queue: str, channel: AbstractChannel
) -> None:
    body = event_bytes()
    async with open_publisher(broker_url, names) as publisher, serve(publisher) as served:
        for _ in range(2):
            assert (await served.client.post(PATH, content=body, headers=signed(body))).status_code == 200
    for _ in range(2):  # a duplicate is the consumer's business
        message = await take(channel, queue)
        assert message.body.split(b'"data":', 1)[1] == body + b"}"
        envelope = orjson.loads(message.body)
        assert (message.message_id, message.type, message.content_type) == ("evt_1", "stripe.event.v1", CONTENT_TYPE)
        assert message.delivery_mode == aio_pika.DeliveryMode.PERSISTENT
        assert message.routing_key == "main.test.payment_intent.succeeded"
        assert message.headers["traceparent"] == envelope["traceparent"]


async def test_without_a_bound_queue_the_event_is_not_taken(serve: Serve, broker_url: str, names: Names) -> None:
    body = event_bytes()
    async with open_publisher(broker_url, names) as publisher, serve(publisher) as served:
        answer = await served.client.post(PATH, content=body, headers=signed(body))
    assert (answer.status_code, answer.json()["type"]) == (503, "urn:sidecar:problem:broker")


async def test_it_starts_without_a_broker_and_answers_503(serve: Serve) -> None:
    body = event_bytes()
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]  # and nobody listens there from the end of this block on
    url = f"amqp://someone:secret@127.0.0.1:{port}/"
    async with open_publisher(url, Names()) as publisher, serve(publisher) as served:
        answer = await served.client.post(PATH, content=body, headers=signed(body))
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
        assert "secret" not in answer.text
        assert (await served.client.get("/healthz")).status_code == 200


async def test_a_broker_that_does_not_answer_is_given_up(serve: Serve) -> None:
    body = event_bytes()
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"amqp://someone:secret@127.0.0.1:{silent.getsockname()[1]}/"
        async with open_publisher(url, Names(), timedelta(seconds=0.1)) as publisher, serve(publisher) as served:
            answer = await served.client.post(PATH, content=body, headers=signed(body))
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")


async def test_a_broker_that_comes_back_is_used_again(
    serve: Serve, broker_url: str, names: Names, queue: str, channel: AbstractChannel
) -> None:
    body = event_bytes()
    async with (
        TcpProxy(broker_url) as line,
        open_publisher(line.url, names) as publisher,
        serve(publisher) as served,
    ):
        assert (await served.client.post(PATH, content=body, headers=signed(body))).status_code == 200
        await line.cut()
        assert (await served.client.post(PATH, content=body, headers=signed(body))).status_code == 503
        await line.restore()
        assert (await served.client.post(PATH, content=body, headers=signed(body))).status_code == 200
    assert [(await take(channel, queue)).message_id for _ in range(2)] == ["evt_1", "evt_1"]


async def test_without_a_confirm_there_is_no_200_even_though_the_event_arrived(
    serve: Serve, broker_url: str, names: Names, queue: str, channel: AbstractChannel
) -> None:
    body = event_bytes()
    async with (
        TcpProxy(broker_url) as line,
        open_publisher(line.url, names, timedelta(seconds=1)) as publisher,
        serve(publisher) as served,
    ):
        await publisher.connect()
        line.black_hole(answers_only=True)
        assert (await served.client.post(PATH, content=body, headers=signed(body))).status_code == 503
        await line.restore()
    assert (await take(channel, queue)).message_id == "evt_1"


async def test_of_duplicates_at_once_none_is_taken_that_no_queue_holds(
    serve: Serve, broker_url: str, names: Names
) -> None:
    body = event_bytes()
    async with open_publisher(broker_url, names) as publisher, serve(publisher) as served:
        posts = (served.client.post(PATH, content=body, headers=signed(body)) for _ in range(5))
        assert [answer.status_code for answer in await asyncio.gather(*posts)] == [503] * 5
