"""Stripe's events of an endpoint whose API version writes objects in a form that is not known here.

The order ends as it would have: what the event cannot say is read from Stripe by its id.
"""

from datetime import datetime, timedelta
from typing import Any

import orjson
import pytest

from consumers.orders import CONSUMER as ORDERS
from consumers.stripe_events import CONSUMER as STRIPE_EVENTS
from schemas.envelope import CloudEvent
from schemas.stripe.event_v1 import OtherObject, StripeEventV1
from sidecar.bridge.envelope import wrap
from sidecar.consumer import Consumer, Event
from sidecar.executor import execute
from sidecar.outcome import Skip
from sidecar.policy import Policies, StorePolicy
from sidecar.ports.bundle import Ports
from sidecar.ports.payments import RawEvent
from sidecar.runtime.parse import parse
from tests.consumers.builders import ORDER, PLACED_AT, STRIPE, an_order
from tests.fakes.magento import FakeMagento
from tests.fakes.payments import FakePayments
from tests.fakes.publisher import MemoryPublisher
from tests.fakes.store import MemoryStore
from tests.fakes.unobserved import Unobserved

TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
UNREADABLE = {"payment_intent": "status", "charge": "amount", "checkout.session": "expires_at"}


class Clock:
    def now(self) -> datetime:
        return PLACED_AT + timedelta(minutes=1)


class Shop:
    """A shop with one order, and an endpoint of another API version."""

    def __init__(self, payment_method: str | None, **policy: Any) -> None:
        self.stripe = FakePayments(STRIPE, Clock().now)
        self.magento = FakeMagento(ORDER.instance)
        self.ports = Ports(
            store=MemoryStore(),
            payments={STRIPE: self.stripe},
            magento={ORDER.instance: self.magento},
            publisher=MemoryPublisher(),
            policies=Policies({("shop", "*"): StorePolicy(stripe=STRIPE, **policy)}),
            clock=Clock(),
        )
        self.placed = an_order(payment_method=payment_method, return_url="https://shop.example/back")
        self.order = self.magento.place(self.placed)

    async def place(self) -> None:
        event = CloudEvent[Any](id="placed", source="/test", type="test", time=PLACED_AT, data=self.placed)
        await self.handle(ORDERS, event)

    async def handle(self, consumer: Consumer, event: Event) -> Skip | None:
        located = await consumer.locate(event, self.ports)
        if isinstance(located, Skip):
            return located
        assert located == ORDER
        await execute(consumer, event, located, self.ports, Unobserved(), trace_id=None)
        return None

    def events(self, *kinds: str) -> list[RawEvent]:
        return [event for event in self.stripe.events if event.type in kinds]


def in_an_unknown_form(raw: RawEvent, **changes: Any) -> Event:
    """The event with one field of its object as no model has it."""
    document = orjson.loads(raw.body)
    subject = document["data"]["object"]
    subject |= {UNREADABLE[subject["object"]]: "of another version"} | changes
    event = parse(wrap(orjson.dumps(document), STRIPE, TRACE).body, STRIPE_EVENTS)
    assert isinstance(event.data, StripeEventV1)
    assert isinstance(event.data.data.object, OtherObject)
    return event


@pytest.mark.parametrize(
    ("kind", "changes"),
    [
        ("payment_intent.succeeded", {}),
        ("payment_intent.succeeded", {"metadata": None}),
        ("payment_intent.succeeded", {"metadata": {"a": 1}, "client_secret": 7}),
        ("charge.succeeded", {}),
        ("charge.succeeded", {"metadata": {}}),
    ],
)
async def test_an_order_is_paid_by_what_stripe_says_and_not_by_the_event(kind: str, changes: dict[str, Any]) -> None:
    shop = Shop(None, offer=("payment_intent",))
    await shop.place()
    (intent,) = shop.stripe.intents
    shop.stripe.succeed(intent.id)
    (raw,) = shop.events(kind)
    assert await shop.handle(STRIPE_EVENTS, in_an_unknown_form(raw, **changes)) is None
    assert (shop.order.state, shop.order.invoices, shop.order.transaction_id) == ("processing", 1, intent.id)


async def test_a_charge_whose_intent_is_written_out_leads_to_it() -> None:
    shop = Shop(None, offer=("payment_intent",))
    await shop.place()
    (intent,) = shop.stripe.intents
    shop.stripe.succeed(intent.id)
    (raw,) = shop.events("charge.succeeded")
    event = in_an_unknown_form(raw, metadata={}, payment_intent={"id": intent.id, "object": "payment_intent"})
    assert await shop.handle(STRIPE_EVENTS, event) is None
    assert shop.order.state == "processing"


async def test_a_page_that_was_paid_leads_to_its_payment() -> None:
    shop = Shop(None, offer=("checkout_session",))
    await shop.place()
    (page,) = shop.stripe.sessions
    intent = shop.stripe.pay_page(page.id)
    (raw,) = shop.events("checkout.session.completed")
    event = in_an_unknown_form(raw, payment_intent=None)  # what Stripe knows of the page counts
    assert await shop.handle(STRIPE_EVENTS, event) is None
    assert (shop.order.state, shop.order.transaction_id) == ("processing", intent.id)
    assert [known.status for known in (await shop.ports.store.orders.load(ORDER)).sessions] == ["complete"]


async def test_a_page_that_ran_out_is_known_to_have() -> None:
    shop = Shop(None, offer=("checkout_session",))
    await shop.place()
    (page,) = shop.stripe.sessions
    shop.stripe.expire_page(page.id)
    (raw,) = shop.events("checkout.session.expired")
    assert await shop.handle(STRIPE_EVENTS, in_an_unknown_form(raw)) is None
    known = {session.id: session.status for session in (await shop.ports.store.orders.load(ORDER)).sessions}
    assert known[page.id] == "expired"


async def test_what_is_not_ours_is_skipped_in_any_form() -> None:
    shop = Shop(None, offer=("payment_intent",))
    await shop.place()
    (intent,) = shop.stripe.intents
    shop.stripe.succeed(intent.id)
    (raw,) = shop.events("payment_intent.succeeded")
    event = in_an_unknown_form(raw, id="pi_of_somebody_else", metadata={"order_id": "42"})
    assert await shop.handle(STRIPE_EVENTS, event) == Skip("not_ours")
    assert shop.order.state == "pending_payment"
