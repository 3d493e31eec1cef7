"""Whatever comes twice, late, out of order or half done: the order and its money end where they should.

The shopper pays, fails or goes away; the merchant cancels; the clock runs out; calls fail before or after they were
done; messages are delivered in any order and any number of times. Then everything that is outstanding is delivered, and
the rules are asked, from Stripe's and Magento's side only.
"""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule
from typing_extensions import override

from consumers.creditmemos import CONSUMER as CREDITMEMOS
from consumers.orders import CONSUMER as ORDERS
from consumers.refunds import CONSUMER as REFUNDS
from consumers.stripe_events import CONSUMER as STRIPE_EVENTS
from schemas.commerce.payment_events import PaymentWindowClosedV1
from schemas.magento.order_canceled_v1 import OrderCanceledV1
from schemas.stripe.payment_intent import FINAL
from sidecar.policy import Policies, StorePolicy
from sidecar.ports.bundle import Ports
from tests.consumers.builders import ORDER, STRIPE, an_order
from tests.consumers.interleaving import INTERLEAVINGS, Interleaving, failure_of_stripe
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


class OneOrder(Interleaving):
    """The life of one order."""

    about = ORDER

    @initialize(
        card=st.sampled_from(CARDS),
        capture=st.sampled_from(("automatic", "manual")),
        late=st.sampled_from(("refund", "reopen")),
        offer=st.sampled_from((("checkout_session",), ("payment_intent",), ("checkout_session", "payment_intent"))),
        head_start=st.booleans(),
    )
    def place(self, card: str | None, capture: Any, late: Any, offer: Any, *, head_start: bool) -> None:
        self.begin()
        self.stripe = FakePayments(STRIPE, self.clock.now)
        self.magento = FakeMagento(ORDER.instance)
        self.publisher = MemoryPublisher()
        self.policy = StorePolicy(stripe=STRIPE, capture_method=capture, on_payment_of_canceled_order=late, offer=offer)
        self.store = MemoryStore()
        self.ports = Ports(
            store=self.store,
            payments={STRIPE: self.stripe},
            magento={ORDER.instance: self.magento},
            publisher=self.publisher,
            policies=Policies({("shop", "*"): self.policy}),
            clock=self.clock,
        )
        placed = an_order(payment_method=card, return_url="https://shop.example/back")
        self.order = self.magento.place(placed)
        self.messages.append((ORDERS, self.event("placed", placed)))
        self.read = self.read_memos = 0
        if head_start:
            self.deliver(0)

    # What happens.

    @rule(when=st.sampled_from(("before", "after")))
    def stripe_fails(self, when: Any) -> None:
        self.stripe.fail_next(failure_of_stripe(when), when=when)

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

    @rule()
    def the_ledger_forgets_what_is_long_done(self) -> None:
        """The store is pruned, whatever is still to be delivered."""
        self.clock.time += timedelta(days=100)
        self.stripe.forget_keys()
        self.store.ledger.forget_done(payments=len(self.stripe.intents))

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
            self.messages.append((ORDERS, self.event(f"canceled-{len(self.messages)}", canceled)))

    @rule()
    def the_window_closes(self) -> None:
        closed = PaymentWindowClosedV1(instance=ORDER.instance, order_id=ORDER.order_id, closed_at=self.clock.now())
        self.messages.append((ORDERS, self.event("window-closed", closed)))

    # How it is delivered.

    @override
    def collect(self) -> None:
        """Stripe's events, as the bridge would put them onto the broker."""
        for raw in self.stripe.events[self.read :]:
            for consumer in (STRIPE_EVENTS, REFUNDS):
                self.add_stripe_event(raw, STRIPE, consumer)
        self.read = len(self.stripe.events)
        for memo in self.magento.creditmemo_events[self.read_memos :]:
            self.messages.append((CREDITMEMOS, self.event(f"creditmemo-{memo.creditmemo_id}", memo)))
        self.read_memos = len(self.magento.creditmemo_events)

    # What has to hold.

    @override
    def check(self) -> None:
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


OneOrder.TestCase.settings = INTERLEAVINGS
TestOneOrder = OneOrder.TestCase
