"""Whatever comes twice, late, out of order or half done: the order and its money end where they should.

The shopper pays, fails or goes away; the merchant cancels; the clock runs out; calls fail before or after they were
done; messages are delivered in any order and any number of times. Then everything that is outstanding is delivered, and
the rules are asked, from Stripe's and Magento's side only.
"""

import asyncio
import os
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule
from typing_extensions import override

from consumers.creditmemos import CONSUMER as CREDITMEMOS
from consumers.orders import CONSUMER as ORDERS
from consumers.refunds import CONSUMER as REFUNDS
from consumers.stripe_events import CONSUMER as STRIPE_EVENTS
from schemas.commerce.payment_events import PaymentWindowClosedV1
from schemas.contract import Frozen
from schemas.envelope import CloudEvent
from schemas.ids import OrderRef
from schemas.magento.order_canceled_v1 import OrderCanceledV1
from schemas.stripe.payment_intent import FINAL
from sidecar.bridge.envelope import wrap
from sidecar.consumer import Consumer, Event
from sidecar.effects.effect import Effect
from sidecar.errors import NotYetError, TransientError, UnknownOutcomeError, UpstreamError
from sidecar.executor import execute
from sidecar.outcome import Skip
from sidecar.policy import Policies, StorePolicy
from sidecar.ports.bundle import Ports
from sidecar.runtime.parse import parse
from tests.consumers.builders import ORDER, PLACED_AT, STRIPE, an_order
from tests.fakes.magento import FakeMagento
from tests.fakes.payments import FakePayments
from tests.fakes.publisher import MemoryPublisher
from tests.fakes.store import MemoryStore

CARDS = (
    None,
    "pm_card_visa",
    "pm_card_visa_chargeDeclined",
    "pm_card_authenticationRequired",
    "pm_usBankAccount_success",
)


class Clock:
    def __init__(self) -> None:
        self.time = PLACED_AT

    def now(self) -> datetime:
        return self.time


class Unobserved:
    def effect_done(self, effect: Effect, result: Frozen, seconds: float) -> None: ...
    def effect_failed(self, effect: Effect, error: UpstreamError, seconds: float) -> None: ...


class OneOrder(RuleBasedStateMachine):
    """The life of one order."""

    @initialize(
        card=st.sampled_from(CARDS),
        capture=st.sampled_from(("automatic", "manual")),
        late=st.sampled_from(("refund", "reopen")),
        offer=st.sampled_from((("checkout_session",), ("payment_intent",), ("checkout_session", "payment_intent"))),
        head_start=st.booleans(),
    )
    def place(self, card: str | None, capture: Any, late: Any, offer: Any, *, head_start: bool) -> None:
        self.loop = asyncio.new_event_loop()
        self.clock = Clock()
        self.stripe = FakePayments(STRIPE, self.clock.now)
        self.magento = FakeMagento(ORDER.instance)
        self.publisher = MemoryPublisher()
        self.policy = StorePolicy(stripe=STRIPE, capture_method=capture, on_payment_of_canceled_order=late, offer=offer)
        self.ports = Ports(
            store=MemoryStore(),
            payments={STRIPE: self.stripe},
            magento={ORDER.instance: self.magento},
            publisher=self.publisher,
            policies=Policies({("shop", "*"): self.policy}),
            clock=self.clock,
        )
        placed = an_order(payment_method=card, return_url="https://shop.example/back")
        self.order = self.magento.place(placed)
        self.messages: list[tuple[Consumer, Event]] = [(ORDERS, self._event("placed", placed))]
        self.done: set[int] = set()
        self.read = self.read_memos = 0
        if head_start:
            self._deliver(0)

    @override
    def teardown(self) -> None:
        if hasattr(self, "loop"):
            try:
                self._deliver_everything()
                self._check()
            finally:
                self.loop.close()

    # What happens.

    @rule(data=st.data())
    def deliver(self, data: st.DataObject) -> None:
        """Any message, also one that was delivered before."""
        self._collect()
        self._deliver(data.draw(st.integers(0, len(self.messages) - 1)))

    @rule(when=st.sampled_from(("before", "after")))
    def stripe_fails(self, when: Any) -> None:
        error = TransientError("stripe", "http_503") if when == "before" else UnknownOutcomeError("stripe", "timeout")
        self.stripe.fail_next(error, when=when)

    @rule(when=st.sampled_from(("before", "after")))
    def magento_fails(self, when: Any) -> None:
        self.magento.fail_next(when)

    @rule()
    def broker_fails(self) -> None:
        self.publisher.failures += 1

    @rule()
    def a_day_passes(self) -> None:
        """Stripe forgets its idempotency keys."""
        self.clock.time += timedelta(hours=25)
        self.stripe.forget_keys()

    @rule(card=st.sampled_from(("pm_card_visa", "pm_card_visa_chargeDeclined")))
    def shopper_pays_on_the_page(self, card: str) -> None:
        for session in self.stripe.sessions:
            if session.status == "open":
                self.stripe.pay_page(session.id, card)
                return

    @rule(how=st.sampled_from(("succeed", "decline", "process")))
    def shopper_uses_the_headless_front(self, how: str) -> None:
        for intent in self.stripe.intents:
            if intent.status in {"requires_payment_method", "requires_action"}:
                getattr(self.stripe, how)(intent.id)
                return

    @rule(how=st.sampled_from(("succeed", "decline")))
    def a_slow_payment_arrives(self, how: str) -> None:
        for intent in self.stripe.intents:
            if intent.status == "processing":
                getattr(self.stripe, how)(intent.id)
                return

    @rule()
    def merchant_captures(self) -> None:
        for intent in self.stripe.intents:
            if intent.status == "requires_capture":
                self.stripe.capture(intent.id)
                return

    @rule(cents=st.sampled_from((1000, 8748)))
    def somebody_refunds_in_the_dashboard(self, cents: int) -> None:
        for intent in self.stripe.intents:
            left = intent.amount_received - (intent.charge.amount_refunded if intent.charge else 0)
            if intent.status == "succeeded" and left:
                self.stripe.refund_in_dashboard(intent.id, min(cents, left))
                return

    @rule()
    def a_page_expires(self) -> None:
        for session in self.stripe.sessions:
            if session.status == "open":
                self.stripe.expire_page(session.id)
                return

    @precondition(lambda self: self.order.state in {"pending_payment", "processing"})
    @rule()
    def merchant_cancels(self) -> None:
        if self.magento.cancel_in_magento(ORDER.order_id):
            placed = self.order.placed
            canceled = OrderCanceledV1(
                instance=placed.instance,
                store=placed.store,
                order_id=placed.order_id,
                increment_id=placed.increment_id,
                canceled_at=self.clock.now(),
            )
            self.messages.append((ORDERS, self._event(f"canceled-{len(self.messages)}", canceled)))

    @rule()
    def the_window_closes(self) -> None:
        closed = PaymentWindowClosedV1(instance=ORDER.instance, order_id=ORDER.order_id, closed_at=self.clock.now())
        self.messages.append((ORDERS, self._event("window-closed", closed)))

    # How it is delivered.

    def _event(self, name: str, data: Frozen) -> Event:
        return CloudEvent[Any](id=name, source="/test", type="test", time=self.clock.now(), data=data)

    def _collect(self) -> None:
        """Stripe's events, as the bridge would put them onto the broker."""
        for raw in self.stripe.events[self.read :]:
            body = wrap(raw.body, STRIPE, "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01").body
            for consumer in (STRIPE_EVENTS, REFUNDS):
                if consumer.reads_stripe_event(raw.type):
                    self.messages.append((consumer, parse(body, consumer)))
        self.read = len(self.stripe.events)
        for memo in self.magento.creditmemo_events[self.read_memos :]:
            self.messages.append((CREDITMEMOS, self._event(f"creditmemo-{memo.creditmemo_id}", memo)))
        self.read_memos = len(self.magento.creditmemo_events)

    def _deliver(self, number: int) -> bool:
        consumer, event = self.messages[number]
        try:
            self.loop.run_until_complete(self._handle(consumer, event))
        except (UpstreamError, NotYetError):
            return False
        self.done.add(number)
        return True

    async def _handle(self, consumer: Consumer, event: Event) -> None:
        located = await consumer.locate(event, self.ports)
        if isinstance(located, Skip):
            return
        assert located == OrderRef(instance=ORDER.instance, order_id=ORDER.order_id)
        await execute(consumer, event, located, self.ports, Unobserved(), trace_id=None)

    def _deliver_everything(self) -> None:
        for _ in range(60):
            self._collect()
            self.clock.time += timedelta(minutes=1)
            waiting = [number for number in range(len(self.messages)) if number not in self.done]
            if not waiting:
                return
            for number in waiting:
                self._deliver(number)
        raise AssertionError("the messages do not come to an end")

    # What has to hold.

    def _check(self) -> None:
        intents = self.stripe.intents
        paid = [intent for intent in intents if intent.status == "succeeded"]
        returned = {
            intent.id: sum(refund.amount for refund in self.stripe.refunds if refund.payment_intent == intent.id)
            for intent in paid
        }
        kept = [intent for intent in paid if intent.amount_received != returned[intent.id]]
        context = f"{self.order} {intents} {self.stripe.sessions} {self.stripe.refunds}"
        assert all(returned[intent.id] <= intent.amount_received for intent in paid), context
        assert len(kept) <= 1, f"paid twice: {context}"
        in_memos = sum((memo.total for memo in self.order.memos), Decimal(0))
        transaction = (self.order.transaction_id or "").removesuffix("-capture")
        booked = [intent for intent in paid if self.order.invoices and transaction == intent.id]
        assert in_memos == sum(Decimal(returned[intent.id]) / 100 for intent in booked), f"not in Magento: {context}"
        if self.order.state == "canceled":
            assert kept == [], f"money of a cancelled order was kept: {context}"
        if kept:
            assert self.order.invoices == 1, f"paid, but not in Magento: {context}"
            transaction = self.order.transaction_id or ""  # the capture of an authorisation has a suffix in Magento
            assert transaction.removesuffix("-capture") == kept[0].id, context
            assert self.order.total_paid == kept[0].received.to_decimal(), context
        if self.order.state in {"canceled", "processing"}:
            assert all(session.status != "open" for session in self.stripe.sessions), f"a page is open: {context}"
            alive = [i for i in intents if i.status not in FINAL and i.status not in {"processing", "requires_capture"}]
            assert alive == [], f"could be paid again: {context}"
        if self.order.state == "canceled":
            assert all(intent.status in FINAL | {"processing"} for intent in intents), f"still reserved: {context}"
        marks = [intent.metadata["sidecar_key"] for intent in intents]
        assert len(marks) == len(set(marks)), f"made twice: {context}"
        assert len(self.stripe.customers) <= 1, context


OneOrder.TestCase.settings = settings(
    max_examples=int(os.environ.get("INTERLEAVINGS", "300")),
    stateful_step_count=30,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    # A new question at every run is for the desk; what lands is asked the same ones each time.
    derandomize="CI" in os.environ,
)
TestOneOrder = OneOrder.TestCase
