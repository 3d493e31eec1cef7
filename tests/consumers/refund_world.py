"""A shop with one order of two lines and shipping, its Stripe account, and the consumers over both."""

from datetime import datetime, timedelta
from typing import Any

from consumers.creditmemos import CONSUMER as CREDITMEMOS
from consumers.orders import CONSUMER as ORDERS
from consumers.refunds import CONSUMER as REFUNDS
from consumers.stripe_events import CONSUMER as STRIPE_EVENTS
from schemas.contract import Frozen
from schemas.envelope import CloudEvent
from schemas.magento.creditmemo_created_v1 import CreditmemoCreatedV1
from schemas.stripe.payment_intent import PaymentIntent
from sidecar.bridge.envelope import wrap
from sidecar.consumer import Consumer, Event
from sidecar.executor import execute
from sidecar.outcome import Skip
from sidecar.policy import Policies, StorePolicy
from sidecar.ports.bundle import Ports
from sidecar.ports.payments import RawEvent
from sidecar.runtime.parse import parse
from tests.consumers.builders import ORDER, PLACED_AT, STRIPE, an_order
from tests.consumers.refund_builders import with_lines
from tests.fakes.magento import FakeMagento
from tests.fakes.payments import FakePayments
from tests.fakes.publisher import MemoryPublisher
from tests.fakes.store import MemoryStore
from tests.fakes.unobserved import Unobserved

TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
LINES = (("TEE", "19.99", 2), ("MUG", "7.50", 3))


class World:
    """Everything is there; nothing has been heard of."""

    def __init__(self, payment_method: str = "pm_card_visa", **policy: Any) -> None:
        self.time = PLACED_AT
        self.stripe = FakePayments(STRIPE, self.now)
        self.magento = FakeMagento(ORDER.instance, self.now)
        self.publisher = MemoryPublisher()
        self.policy = StorePolicy(stripe=STRIPE, **policy)
        self.placed = with_lines(an_order(payment_method=payment_method), LINES, shipping="25.00")
        self.order = self.magento.place(self.placed)
        self.ports = self.with_store(MemoryStore())
        self._read = self._memos = 0

    def now(self) -> datetime:
        self.time += timedelta(milliseconds=1)
        return self.time

    def with_store(self, store: MemoryStore) -> Ports:
        """The same world, as a sidecar sees it whose store is another."""
        self.ports = Ports(
            store=store,
            payments={STRIPE: self.stripe},
            magento={ORDER.instance: self.magento},
            publisher=self.publisher,
            policies=Policies({("shop", "*"): self.policy}),
            clock=self,
        )
        return self.ports

    @property
    def intent(self) -> PaymentIntent:
        (found,) = self.stripe.intents
        return found

    async def handle(self, consumer: Consumer, event: Event) -> Skip | None:
        located = await consumer.locate(event, self.ports)
        if isinstance(located, Skip):
            return located
        assert located == ORDER
        await execute(consumer, event, located, self.ports, Unobserved(), trace_id=None)
        return None

    async def order_placed(self) -> Skip | None:
        return await self.handle(ORDERS, self.event("placed", self.placed))

    async def creditmemo_created(self, memo: CreditmemoCreatedV1) -> Skip | None:
        return await self.handle(CREDITMEMOS, self.event(f"creditmemo-{memo.creditmemo_id}", memo))

    async def stripe_says(self, raw: RawEvent) -> list[Skip | None]:
        body = wrap(raw.body, STRIPE, TRACE).body
        consumers = [each for each in (STRIPE_EVENTS, REFUNDS) if raw.type in each.stripe_events]
        return [await self.handle(each, parse(body, each)) for each in consumers]

    async def hear_everything(self) -> None:
        """What both sides have said since."""
        while self._read < len(self.stripe.events) or self._memos < len(self.magento.creditmemo_events):
            for raw in self.stripe.events[self._read :]:
                self._read += 1
                await self.stripe_says(raw)
            for memo in self.magento.creditmemo_events[self._memos :]:
                self._memos += 1
                await self.creditmemo_created(memo)

    def events(self, *kinds: str) -> list[RawEvent]:
        return [event for event in self.stripe.events if event.type in kinds]

    def event(self, name: str, data: Frozen) -> Event:
        return CloudEvent[Any](id=name, source="/test", type="test", time=self.time, data=data)

    def published(self) -> list[str]:
        return [message.message_type for message in self.publisher.messages]
