"""Messages that another release has written, worked off by this release's own processes."""

import asyncio
from contextlib import AsyncExitStack
from typing import Any

import aio_pika
import orjson
import pytest
from aio_pika.abc import AbstractIncomingMessage

from schemas.envelope import CONTENT_TYPE
from schemas.magento.order_placed_v1 import OrderPlacedV1
from sidecar.message_headers import REASON
from sidecar.sandbox.demo.stage import Plan, Stage, answering, role, set_stage
from sidecar.topology import Names
from tests.acceptance.play import playing

TOMORROW = {"nested": [1.5, None, {"deeper": "x"}]}
OPTIONAL_IN_V1 = ("traceparent", "subject")


def of_tomorrow(value: Any) -> Any:
    """The message as a newer minor version writes it: with one more field in every object."""
    match value:
        case dict():
            return {name: of_tomorrow(each) for name, each in value.items()} | {"a_field_of_tomorrow": TOMORROW}
        case list():
            return [of_tomorrow(each) for each in value]
        case _:
            return value


def of_the_first_release(value: dict[str, Any]) -> dict[str, Any]:
    """The message as the least that version 1 ever was: without what may be left out of its envelope and its data."""
    fields = OrderPlacedV1.model_fields
    data = {name: each for name, each in value["data"].items() if fields[name].is_required() or name == "payment"}
    return {name: each for name, each in value.items() if name not in OPTIONAL_IN_V1} | {"data": data}


def of_the_next_major(value: dict[str, Any]) -> dict[str, Any]:
    """A version that this release does not know."""
    return value | {"type": "magento.order.placed.v2", "data": {"order": {"number": value["data"]["order_id"]}}}


@pytest.mark.timeout(240)
async def test_the_last_contract_is_accepted_a_newer_minor_one_too_and_a_newer_major_one_parked(
    broker_url: str, store_server_url: str
) -> None:
    async with (
        set_stage(broker_url, store_server_url, Plan(roles=(), disorder=0)) as stage,
        playing(stage) as play,
        AsyncExitStack() as processes,
    ):
        first, newer, major, today = [await play.place() for _ in range(4)]
        written = {orjson.loads(each)["data"]["order_id"]: orjson.loads(each) for each in await _taken(stage, 4)}
        await _put(stage, of_the_next_major(written[major]))  # first, so that it would be in the others' way
        await _put(stage, of_the_first_release(written[first]))
        await _put(stage, of_tomorrow(written[newer]))
        await _put(stage, written[today])
        for name in ("bridge", "run"):
            await processes.enter_async_context(role(stage, name))
        await answering(f"{stage.bridge_url}/readyz")
        for order in (first, newer, today):
            await play.paid(order)
        await play.agrees(first, newer, today)
        await play.has_parked(1)
        (letter,) = await _letters(stage)
        assert letter.headers[REASON] == "unknown_type"
        assert orjson.loads(letter.body) == of_the_next_major(written[major])
        assert await play.intents_of(major) == ()


async def _taken(stage: Stage, number: int) -> list[bytes]:
    """Take the messages out of the work queue, as soon as they are there."""
    async with await aio_pika.connect(stage.broker_url) as connection, asyncio.timeout(60):
        queue = await (await connection.channel()).get_queue(Names(stage.prefix).work("orders"), ensure=False)
        found: list[bytes] = []
        async with queue.iterator() as messages:
            async for message in messages:
                await message.ack()
                found.append(message.body)
                if len(found) == number:
                    return found
    raise AssertionError


async def _put(stage: Stage, event: dict[str, Any]) -> None:
    async with await aio_pika.connect(stage.broker_url) as connection:
        channel = await connection.channel()
        message = aio_pika.Message(
            orjson.dumps(event),
            content_type=CONTENT_TYPE,
            delivery_mode=aio_pika.DeliveryMode.PERSISTENT,
            message_id=event["id"],
            type=event["type"],
        )
        await channel.default_exchange.publish(message, Names(stage.prefix).work("orders"))


async def _letters(stage: Stage) -> list[AbstractIncomingMessage]:
    async with await aio_pika.connect(stage.broker_url) as connection:
        queue = await (await connection.channel()).get_queue(Names(stage.prefix).dead_letter("orders"), ensure=False)
        found = []
        while (message := await queue.get(no_ack=True, fail=False)) is not None:
            found.append(message)
        return found
