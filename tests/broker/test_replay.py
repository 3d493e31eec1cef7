"""A message that is sent back to work after a long time does nothing twice."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from datetime import datetime, timedelta

import pytest
from prometheus_client import CollectorRegistry

from consumers.orders import CONSUMER as ORDERS
from sidecar.adapters.broker_amqp import declare
from sidecar.adapters.broker_amqp.consume import ConsumeOptions, consume
from sidecar.adapters.broker_amqp.dead_letters import AmqpDeadLetters
from sidecar.adapters.broker_amqp.publisher import AmqpPublisher
from sidecar.dead_letters.chosen import Chosen
from sidecar.dead_letters.desk import Desk, Signature
from sidecar.errors import UnknownOutcomeError
from sidecar.observability.metrics import Metrics
from sidecar.policy import Policies, StorePolicy
from sidecar.ports.bundle import Ports
from sidecar.runtime.worker import Worker, WorkerOptions
from sidecar.topology import Names, Topology
from tests.consumers.builders import ORDER, STRIPE, an_order
from tests.fakes.magento import FakeMagento
from tests.fakes.payments import FakePayments
from tests.fakes.store import MemoryStore
from tests.sidecar.dead_letters.letters import NOW, a_body

JANE = Signature("jane@desk", "Stripe is back")


class Clock:
    def __init__(self) -> None:
        self.time = NOW

    def now(self) -> datetime:
        return self.time


def _told(*, connected: bool) -> None:
    del connected


class Work:
    """The queue `orders`, worked on for real, with everything else in memory; one attempt is all that a message has."""

    def __init__(self, url: str, names: Names, publisher: AmqpPublisher) -> None:
        self.url = url
        self.names = names
        self.publisher = publisher
        self.clock = Clock()
        self.stripe = FakePayments(STRIPE, lambda: self.clock.time)
        self.magento = FakeMagento(ORDER.instance)
        self.magento.place(an_order(payment_method="pm_card_visa"))
        self.ports = Ports(
            store=MemoryStore(),
            payments={STRIPE: self.stripe},
            magento={ORDER.instance: self.magento},
            publisher=publisher,
            policies=Policies({("shop", "*"): StorePolicy(stripe=STRIPE)}),
            clock=self.clock,
        )
        self.desk = Desk(AmqpDeadLetters(url, names, publisher), self.ports.store, self.ports.clock)

    @asynccontextmanager
    async def under_way(self) -> AsyncIterator[None]:
        stop = asyncio.Event()
        worker = Worker(ORDERS, self.ports, Metrics(CollectorRegistry()), WorkerOptions(max_attempts=1))
        task = asyncio.create_task(
            consume(
                self.url,
                "orders",
                worker.handle,
                stop,
                names=self.names,
                publisher=self.publisher,
                clock=self.ports.clock,
                options=ConsumeOptions(),
                on_connected=_told,
            )
        )
        yield
        stop.set()
        await task

    async def lying(self, count: int) -> None:
        async with asyncio.timeout(30):
            while await declare.depth(self.url, self.names.dead_letter("orders")) != count:  # noqa: ASYNC110
                await asyncio.sleep(0.05)

    async def replay_all(self) -> int:
        async with aclosing(self.desk.look("orders", Chosen())) as letters:
            refs = [letter.ref async for letter in letters]
        await self.lying(len(refs))
        return await self.desk.replay("orders", refs, JANE, 1000, lambda _: None)


@pytest.fixture
def work(broker_url: str, names: Names, publisher: AmqpPublisher, topology: Topology) -> Work:
    return Work(broker_url, names, publisher)


@pytest.mark.parametrize("days", [0, 2, 40])
@pytest.mark.parametrize("method", ["create_customer", "create_payment_intent"])
async def test_a_payment_of_unknown_outcome_is_looked_for_before_it_is_made(work: Work, method: str, days: int) -> None:
    lost = UnknownOutcomeError("stripe", "timeout", "no answer in time")
    work.stripe.fail_next(lost, when="after", method=method)
    async with work.under_way():
        await work.publisher.publish(
            "magento.events", "order.placed.v1", a_body(), message_id="e42", message_type="magento.order.placed.v1"
        )
        await work.lying(1)
        work.clock.time += timedelta(days=days)  # Stripe keeps keys for one
        assert await work.replay_all() == 1
        async with asyncio.timeout(30):
            while work.magento.orders[ORDER.order_id].invoices == 0:  # noqa: ASYNC110
                await asyncio.sleep(0.02)
    assert len(work.stripe.intents) == 1
    assert len(work.stripe.customers) == 1
    assert [intent.status for intent in work.stripe.intents] == ["succeeded"]
    assert work.magento.orders[ORDER.order_id].invoices == 1
    await work.lying(0)
    kinds = [line.kind for line in await work.ports.store.timeline.read(ORDER)]
    assert kinds.index("message.parked") < kinds.index("message.replayed") < kinds.index("RecordCapture")


async def test_a_message_that_is_replayed_twice_is_done_once(work: Work) -> None:
    work.stripe.fail_next(UnknownOutcomeError("stripe", "timeout"), when="after", method="create_payment_intent")
    async with work.under_way():
        for _ in range(2):  # it was published twice, too
            await work.publisher.publish(
                "magento.events", "order.placed.v1", a_body(), message_id="e42", message_type="magento.order.placed.v1"
            )
        await work.lying(1)
        await work.replay_all()
        await work.lying(0)
    assert len(work.stripe.intents) == 1
    assert work.magento.orders[ORDER.order_id].invoices == 1
