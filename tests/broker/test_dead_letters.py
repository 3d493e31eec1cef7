"""A person at the dead letters of a real RabbitMQ."""

import asyncio
from collections.abc import Sequence
from contextlib import aclosing
from dataclasses import replace
from datetime import datetime, timedelta

import aio_pika
import pytest
from aio_pika.abc import AbstractIncomingMessage
from typing_extensions import override

from schemas.ids import OrderRef
from sidecar.adapters.broker_amqp import declare
from sidecar.adapters.broker_amqp.dead_letters import AmqpDeadLetters
from sidecar.adapters.broker_amqp.publisher import AmqpPublisher
from sidecar.dead_letters.chosen import Chosen
from sidecar.dead_letters.desk import BusyError, Desk, Signature
from sidecar.dead_letters.letter import DeadLetter, Header
from sidecar.errors import TransientError
from sidecar.ports.parked import Closing, ParkedMessage
from sidecar.topology import DELIVERY_LIMIT, Names, Topology
from tests.consumers.builders import ORDER
from tests.fakes.store import MemoryParkedMessages, MemoryStore
from tests.sidecar.dead_letters.letters import NOW, a_body, a_letter

QUEUE = "orders"
JANE = Signature("jane@desk", "the store is named now")


class Clock:
    def __init__(self) -> None:
        self.time = NOW

    def now(self) -> datetime:
        return self.time


class World:
    """A desk over the real queues, with a store in memory, and the other side of the queues."""

    def __init__(self, url: str, names: Names, publisher: AmqpPublisher) -> None:
        self.url = url
        self.names = names
        self.publisher = publisher
        self.store = MemoryStore()
        self.clock = Clock()
        self.queues = AmqpDeadLetters(url, names, publisher, page=4)
        self.slept: list[float] = []
        self.desk = Desk(self.queues, self.store, self.clock, sleep=self._sleep)

    async def _sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.clock.time += timedelta(seconds=seconds)

    async def park(self, *letters: DeadLetter) -> None:
        for letter in letters:
            await self.queues.put_in(letter)

    async def look(self, chosen: Chosen | None = None) -> list[DeadLetter]:
        async with aclosing(self.desk.look(QUEUE, chosen or Chosen())) as letters:
            return [letter async for letter in letters]

    async def replay(self, *letters: DeadLetter) -> int:
        return await self.desk.replay(QUEUE, [letter.ref for letter in letters], JANE, 1000, lambda _: None)

    async def discard(self, *letters: DeadLetter) -> int:
        return await self.desk.discard(QUEUE, [letter.ref for letter in letters], JANE, 1000, lambda _: None)

    async def at_work(self) -> list[AbstractIncomingMessage]:
        """What lies in the work queue, taken out of it."""
        connection = await aio_pika.connect(self.url)
        try:
            channel = await connection.channel()
            queue = await channel.get_queue(self.names.work(QUEUE))
            found = []
            while (message := await queue.get(fail=False)) is not None:
                await message.ack()
                found.append(message)
            return found
        finally:
            await connection.close()

    async def lying(self, count: int) -> None:
        """Wait until so many lie there: what was held comes back when the broker has noticed that nobody holds it."""
        async with asyncio.timeout(20):
            while await self.desk.count(QUEUE) != count:  # noqa: ASYNC110  # the broker tells nobody
                await asyncio.sleep(0.05)

    async def story(self, order: OrderRef = ORDER) -> list[tuple[str, str]]:
        return [(line.kind, line.summary) for line in await self.store.timeline.read(order)]


@pytest.fixture
def world(broker_url: str, names: Names, publisher: AmqpPublisher, topology: Topology) -> World:
    return World(broker_url, names, publisher)


def numbers(letters: Sequence[DeadLetter]) -> list[str | None]:
    return [letter.event.id for letter in letters]


async def test_looking_again_and_again_loses_nothing_and_keeps_the_order(world: World) -> None:
    letters = [a_letter(number) for number in range(1, 11)]
    await world.park(*letters)
    for _ in range(DELIVERY_LIMIT + 5):
        await world.lying(len(letters))
        assert numbers(await world.look()) == numbers(letters)
    await world.lying(len(letters))


async def test_an_empty_queue_has_no_letters(world: World) -> None:
    assert await world.look() == []
    assert await world.replay(a_letter()) == 0


async def test_only_what_is_chosen_is_shown(world: World) -> None:
    await world.park(a_letter(1), a_letter(2, reason="bug"), a_letter(3))
    assert numbers(await world.look(Chosen(reason="bug"))) == ["e2"]


async def test_a_replay_goes_to_the_work_queue_as_a_first_attempt(world: World) -> None:
    letter = a_letter(subject="shop/42", traceparent="")
    await world.park(letter, a_letter(43))
    assert await world.replay(letter) == 1
    (message,) = await world.at_work()
    assert (message.body, message.message_id, message.type) == (letter.body, "e42", "magento.order.placed.v1")
    assert "x-sidecar-attempt" not in message.headers
    assert message.headers["x-sidecar-replayed-by"] == "jane@desk"
    assert message.headers["x-sidecar-replayed-at"] == NOW.isoformat()
    await world.lying(1)
    assert numbers(await world.look()) == ["e43"]


async def test_what_lies_between_the_chosen_ones_stays_in_its_order(world: World) -> None:
    letters = [a_letter(number) for number in range(1, 13)]
    await world.park(*letters)
    assert await world.replay(*letters[::3]) == 4
    await world.lying(8)
    left = [letter for nth, letter in enumerate(letters) if nth % 3]
    assert numbers(await world.look()) == numbers(left)


async def test_an_act_is_told_with_who_and_why(world: World) -> None:
    await world.park(a_letter(), a_letter(43))
    await world.replay(a_letter())
    await world.discard(a_letter(43))
    other = ORDER.model_copy(update={"order_id": 43})
    assert await world.story() == [
        ("message.replayed", "A parked message was replayed by jane@desk: the store is named now"),
    ]
    assert await world.story(other) == [
        ("message.discarded", "A parked message was discarded by jane@desk: the store is named now"),
    ]
    assert await world.at_work() != []


async def test_looking_records_what_lies_there_and_acts_take_it_off(world: World) -> None:
    deaths = a_letter(3)
    await world.park(a_letter(1), a_letter(1), a_letter(2, reason="bug"), deaths)
    await world.look()
    counts = {each.reason: each.count for each in await world.store.parked.summaries()}
    assert counts == {"http_503": 3, "bug": 1}
    await world.lying(4)
    await world.replay(a_letter(1))
    await world.discard(a_letter(2))
    assert {each.reason: each.count for each in await world.store.parked.summaries()} == {"http_503": 1}


async def test_all_copies_go_together(world: World) -> None:
    await world.park(a_letter(), a_letter(), a_letter())
    assert await world.discard(a_letter()) == 3
    assert await world.desk.count(QUEUE) == 0


async def test_many_letters_go_page_by_page_at_the_rate(world: World) -> None:
    letters = [a_letter(number) for number in range(1, 31)]
    await world.park(*letters)
    told: list[str] = []
    done = await world.desk.replay(QUEUE, [each.ref for each in letters], JANE, 8, lambda each: told.append(each.ref))
    assert (done, told) == (30, [each.ref for each in letters])
    assert set(world.slept) == {1 / 8}
    assert len(await world.at_work()) == 30


async def test_a_long_run_gives_the_queue_back_now_and_then(world: World) -> None:
    """RabbitMQ closes the channel of whoever holds messages for half an hour."""
    letters = [a_letter(number) for number in range(1, 31)]
    await world.park(*letters)
    opened = 0

    class Counting(AmqpDeadLetters):
        @override
        def reading(self, queue: str):  # type: ignore[no-untyped-def]
            nonlocal opened
            opened += 1
            return super().reading(queue)

    world.desk = Desk(
        Counting(world.url, world.names, world.publisher, page=4),
        world.store,
        world.clock,
        sleep=world._sleep,  # noqa: SLF001
        held_for=timedelta(minutes=10),
    )
    assert await world.desk.replay(QUEUE, [each.ref for each in letters], JANE, 1 / 120, lambda _: None) == 30
    assert opened >= 6
    assert sorted(each.body for each in await world.at_work()) == sorted(each.body for each in letters)


async def test_a_letter_stays_when_the_act_cannot_be_written_down(world: World) -> None:
    class Away(MemoryParkedMessages):
        @override
        async def close(self, message: ParkedMessage, closing: Closing) -> None:
            raise TransientError("store", "unreachable")

    world.store.parked = Away(world.store.timeline)
    await world.park(a_letter())
    for deed in (world.discard, world.replay):
        with pytest.raises(TransientError):
            await deed(a_letter())
        await world.lying(1)
    assert numbers(await world.look()) == ["e42"]
    assert len(await world.at_work()) == 1  # it was sent before: a copy does no harm


async def test_a_letter_stays_when_its_work_queue_is_missing(world: World) -> None:
    await world.park(a_letter())
    connection = await aio_pika.connect(world.url)
    await (await connection.channel()).queue_delete(world.names.work(QUEUE))
    await connection.close()
    with pytest.raises(TransientError, match="topology apply"):
        await world.replay(a_letter())
    await world.lying(1)
    assert await world.story() == []


async def test_one_person_at_a_time(world: World) -> None:
    await world.park(a_letter())
    async with world.store.locks.exclusive(f"dead-letters:{QUEUE}"):
        with pytest.raises(BusyError, match="orders"):
            await world.look()
        with pytest.raises(BusyError):
            await world.discard(a_letter())
    assert numbers(await world.look()) == ["e42"]


async def test_an_edited_letter_takes_the_place_of_the_old_one(world: World) -> None:
    await world.park(a_letter(body=b"{"))
    (broken,) = await world.look()
    await world.lying(1)
    new = await world.desk.edit(broken, a_body(), JANE, replay=False)
    assert new is not None
    (lying,) = await world.look()
    assert (lying.ref, lying.body, lying.headers["x-sidecar-edited-by"]) == (new.ref, a_body(), "jane@desk")
    assert (lying.reason, lying.parked_at) == (broken.reason, broken.parked_at)
    assert await world.at_work() == []


async def test_an_edited_letter_can_go_to_work_at_once(world: World) -> None:
    letter = a_letter(body=a_body(data={}))
    await world.park(letter)
    new = await world.desk.edit(letter, a_body(), JANE, replay=True)
    assert new is not None
    (message,) = await world.at_work()
    assert (message.body, message.message_id) == (a_body(), "e42")
    assert message.headers["x-sidecar-edited-by"] == message.headers["x-sidecar-replayed-by"] == "jane@desk"
    assert await world.look() == []


async def test_a_letter_that_is_gone_is_not_edited(world: World) -> None:
    assert await world.desk.edit(a_letter(), a_body(43), JANE, replay=True) is None
    assert await world.at_work() == []


async def test_what_was_parked_again_during_the_run_is_not_sent_again(world: World) -> None:
    """Else a message that fails at once would go in circles."""
    letter = a_letter()
    await world.park(letter, a_letter(43))

    async def parked_again() -> None:
        (back,) = await world.at_work()
        headers: dict[str, Header] = {name: str(value) for name, value in back.headers.items()}
        await world.park(replace(letter, headers={**letter.headers, **headers, "x-sidecar-replays": 1}))

    async def sleep(seconds: float) -> None:
        world.clock.time += timedelta(hours=1)
        if len(world.slept) == 0:
            await parked_again()
        world.slept.append(seconds)

    world.desk = Desk(world.queues, world.store, world.clock, sleep=sleep)
    assert await world.replay(letter, a_letter(43)) == 2
    await world.lying(1)
    (left,) = await world.look()
    assert (left.event.id, left.replays) == ("e42", 1)


async def test_dead_letter_queues_have_a_limit_of_deliveries_that_is_never_reached(topology: Topology) -> None:
    """RabbitMQ 4 throws away what has been looked at twenty times, where nobody says another number."""
    dead = [queue for queue in topology.queues if queue.name.endswith(".dead-letter")]
    assert dead
    assert all(int(queue.arguments["x-delivery-limit"]) > 10**9 for queue in dead)


async def test_a_broker_that_is_away_is_a_transient_error(names: Names, publisher: AmqpPublisher) -> None:
    away = Desk(AmqpDeadLetters("amqp://127.0.0.1:1/", names, publisher), MemoryStore(), Clock())
    with pytest.raises(TransientError):
        await away.discard(QUEUE, ["0"], JANE, 1, lambda _: None)


async def test_a_queue_that_is_not_there_is_told(world: World) -> None:
    async with aclosing(world.desk.look("nobody", Chosen())) as letters:
        with pytest.raises(TransientError):
            await anext(letters)
    assert await declare.depth(world.url, world.names.dead_letter(QUEUE)) == 0
