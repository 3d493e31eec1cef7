"""What is seen of dead letters, on a real broker."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from prometheus_client import CollectorRegistry

from sidecar.adapters.broker_amqp import declare
from sidecar.adapters.broker_amqp.dead_letters import AmqpDeadLetters
from sidecar.adapters.broker_amqp.publisher import open_publisher
from sidecar.dead_letters.desk import Desk, Signature
from sidecar.discovery import all_consumers
from sidecar.observability.dead_letter_metrics import DeadLetterMetrics
from sidecar.ports.parked import ParkedSummary
from sidecar.topology import Names, topology_of
from sidecar.watch.dead_letters import look_at_dead_letters
from tests.fakes.store import MemoryStore
from tests.sidecar.dead_letters.letters import NOW, a_letter

HOUR = timedelta(hours=1)
QUEUES = ("orders", "stripe-events")


class Clock:
    def now(self):  # type: ignore[no-untyped-def]
        return NOW + HOUR


class Watch:
    """The timer's look, the queues that it looks at, and what it shows."""

    def __init__(self, queues: AmqpDeadLetters) -> None:
        self.queues = queues
        self.store = MemoryStore()
        self.desk = Desk(queues, self.store, Clock())
        self.registry = CollectorRegistry()
        self.metrics = DeadLetterMetrics(self.registry)

    async def look(self) -> dict[str, float | None]:
        await look_at_dead_letters(self.desk, QUEUES, self.store, Clock(), self.metrics)
        value = self.registry.get_sample_value
        shown = {
            reason: value("sidecar_dead_letter_messages", {"queue": "orders", "reason": reason})
            for reason in ("http_503", "bug", "unknown")
        }
        oldest = self.registry.get_sample_value("sidecar_dead_letter_oldest_seconds", {"queue": "orders"})
        return shown | {"oldest": oldest}

    async def until(self, **shown: float | None) -> None:
        async with asyncio.timeout(20):  # the broker counts what it confirmed, or got back, a moment later
            while shown.items() - (await self.look()).items():  # noqa: ASYNC110
                await asyncio.sleep(0.05)


@pytest.fixture
async def watch(broker_url: str, topology_prefix: str) -> AsyncIterator[Watch]:
    names, topology = Names(topology_prefix), topology_of(all_consumers(), topology_prefix)
    await declare.apply(broker_url, topology)
    async with open_publisher(broker_url, names) as publisher:
        yield Watch(AmqpDeadLetters(broker_url, names, publisher))
    await declare.remove(broker_url, topology)


async def test_what_nobody_recorded_is_found_and_what_is_gone_is_forgotten(watch: Watch) -> None:
    await watch.until(http_503=None, oldest=0.0)
    await watch.queues.put_in(a_letter(1))
    await watch.queues.put_in(a_letter(2, reason="bug", parked_at=(NOW - HOUR).isoformat()))
    await watch.until(http_503=1.0, bug=1.0, oldest=7200.0)
    signature = Signature("jane", "a test")
    await watch.desk.discard("orders", [a_letter(2).ref], signature, 1000, lambda _: None)
    await watch.until(http_503=1.0, bug=None, oldest=3600.0)
    async with watch.queues.reading("orders") as pages:
        async for page in pages:
            for held in page:
                await held.take_out()  # by somebody who tells nobody
    await watch.until(http_503=None, bug=None, oldest=0.0)


async def test_a_queue_that_fits_its_record_is_not_read(watch: Watch) -> None:
    await watch.queues.put_in(a_letter(1))
    await watch.until(http_503=1.0)
    async with asyncio.timeout(20):
        while await watch.desk.count("orders") != 1:  # noqa: ASYNC110  # until the broker has it back
            await asyncio.sleep(0.05)
    async with watch.store.locks.exclusive("dead-letters:orders"):  # reading would be refused
        assert (await watch.look())["http_503"] == 1.0
    async with watch.queues.reading("orders") as pages:
        (page,) = [page async for page in pages]
    assert page[0].letter.headers.get("x-delivery-count") == 1  # read once, to record it


def test_reasons_that_come_from_outside_are_bounded() -> None:
    registry = CollectorRegistry()
    metrics = DeadLetterMetrics(registry)
    metrics.show(["orders"], [ParkedSummary("orders", f"reason {n}", 1, NOW) for n in range(300)], NOW)
    value = registry.get_sample_value("sidecar_dead_letter_messages", {"queue": "orders", "reason": "other"})
    assert value == 300
