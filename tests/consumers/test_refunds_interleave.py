"""Credit memos and refunds made in Stripe, in any order, late, twice and half done: both sides end with the same sums.

The order is paid. The merchant makes credit memos and refunds in the dashboard, refunds wait and fail, the payment is
disputed, calls fail before or after they were done, the ledger forgets. Then everything that is outstanding is
delivered, and the rules are asked, from Stripe's and Magento's side only.
"""

from collections import Counter
from datetime import timedelta
from decimal import Decimal
from typing import Any

import orjson
from hypothesis import strategies as st
from hypothesis.stateful import initialize, rule
from typing_extensions import override

from consumers.creditmemos import CONSUMER as CREDITMEMOS
from consumers.orders import CONSUMER as ORDERS
from consumers.refunds import CONSUMER as REFUNDS
from consumers.stripe_events import CONSUMER as STRIPE_EVENTS
from schemas.money import Money
from schemas.stripe.refund import Refund
from sidecar.errors import UpstreamError
from sidecar.policy import Policies, StorePolicy
from sidecar.ports.bundle import Ports
from tests.consumers.builders import ORDER, STRIPE, an_order
from tests.consumers.interleaving import INTERLEAVINGS, Interleaving, failure_of_stripe
from tests.consumers.refund_builders import with_lines
from tests.fakes.magento import FakeMagento, FakeMemo
from tests.fakes.payments import FakePayments
from tests.fakes.publisher import MemoryPublisher
from tests.fakes.store import MemoryStore

SHOPS: dict[str, dict[str, Any]] = {
    "two lines": {"lines": (("TEE", "19.99", 2), ("MUG", "7.50", 3)), "shipping": "25.00"},
    "tax and discount": {
        "lines": (("TEE", "19.99", 3), ("MUG", "7.50", 2)),
        "shipping": "5.00",
        "taxes": ("11.39", "2.85"),
        "discounts": ("5.99", "1.50"),
    },
    "equal lines": {"lines": (("TEE", "20.00", 2), ("CAP", "20.00", 1)), "shipping": "20.00"},
    "yen": {"lines": (("TEE", "1480", 2),), "shipping": "500", "currency": "JPY", "rate": "150.25"},
    "dinar": {"lines": (("OUD", "10.250", 2),), "shipping": "1.500", "currency": "KWD", "rate": "0.307"},
}


class OnePaidOrder(Interleaving):
    """The life of one order after it was paid."""

    about = ORDER
    skips = False

    @initialize(
        shop=st.sampled_from(sorted(SHOPS)), ambiguous=st.sampled_from(("adjustment", "manual")), settled=st.booleans()
    )
    def place(self, shop: str, ambiguous: Any, *, settled: bool) -> None:
        self.begin()
        self.stripe = FakePayments(STRIPE, self.clock.now)
        self.magento = FakeMagento(ORDER.instance, self.clock.now)
        self.publisher = MemoryPublisher()
        self.store = MemoryStore()
        self.ports = Ports(
            store=self.store,
            payments={STRIPE: self.stripe},
            magento={ORDER.instance: self.magento},
            publisher=self.publisher,
            policies=Policies({("shop", "*"): StorePolicy(stripe=STRIPE, on_ambiguous_refund=ambiguous)}),
            clock=self.clock,
        )
        placed = with_lines(an_order(payment_method="pm_card_visa"), **SHOPS[shop])
        self.order = self.magento.place(placed)
        self.messages.append((ORDERS, self.event("placed", placed)))
        self.read = self.read_memos = 0
        self.deliver(0)
        if settled:
            self.deliver_everything()

    # What happens.

    @rule(data=st.data(), offline=st.sampled_from((False, False, False, True)))
    def merchant_makes_a_credit_memo(self, data: st.DataObject, *, offline: bool) -> None:
        kind = data.draw(st.sampled_from(("whole", "lines", "amount")))
        try:
            if kind == "whole":
                self.magento.refund_in_magento(ORDER.order_id, offline=offline)
            elif kind == "amount":
                amount = data.draw(st.sampled_from(self._amounts()))
                text = str(Money(minor_units=amount, currency=self._currency()).to_decimal())
                self.magento.refund_in_magento(ORDER.order_id, {}, shipping="0", adjustment=text, offline=offline)
            else:
                chosen = {item.item_id: "1" for item in self.order.placed.items[: data.draw(st.integers(1, 2))]}
                self.magento.refund_in_magento(ORDER.order_id, chosen, shipping="0", offline=offline)
        except (ValueError, UpstreamError):
            return  # Magento has less to give back

    @rule(data=st.data())
    def merchant_refunds_in_the_dashboard(self, data: st.DataObject) -> None:
        for intent in self.stripe.intents:
            if intent.status == "succeeded":
                amounts = [*self._amounts(), intent.amount_received]
                left = intent.amount_received - (intent.charge.amount_refunded if intent.charge else 0)
                try:
                    self.stripe.refund_in_dashboard(intent.id, data.draw(st.sampled_from([*amounts, max(left, 1)])))
                except UpstreamError:
                    return  # Stripe has less to give back

    @rule()
    def refunds_begin_to_wait_or_stop_to(self) -> None:
        self.stripe.refunds_wait = not self.stripe.refunds_wait

    @rule(data=st.data(), status=st.sampled_from(("succeeded", "failed", "failed")))
    def the_bank_answers(self, data: st.DataObject, status: Any) -> None:
        waiting = [each for each in self.stripe.refunds if each.is_live and each.status != status]
        if waiting:
            self.stripe.settle_refund(data.draw(st.sampled_from(waiting)).id, status)

    @rule()
    def the_payment_is_disputed_or_the_dispute_is_won(self) -> None:
        for intent in self.stripe.intents:
            self.stripe.disputed ^= {intent.id}

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
        self.clock.time += timedelta(days=100)
        self.stripe.forget_keys()
        self.store.ledger.forget_done(payments=len(self.stripe.intents))

    # How it is delivered.

    def _currency(self) -> str:
        return self.order.placed.totals.currency

    def _amounts(self) -> list[int]:
        """Amounts that fit a line, several, the shipping, or nothing."""
        placed = self.order.placed
        first = placed.items[0]
        each = (first.row_total + first.tax_amount - first.discount_amount) / first.qty_ordered
        amounts = [first.price, each.quantize(Decimal(1)), placed.totals.shipping_amount, Decimal(3)]
        return [Money.from_decimal(amount, placed.totals.currency).minor_units for amount in amounts if amount > 0]

    @override
    def collect(self) -> None:
        """Stripe's events, as the bridge would put them onto the broker, and Magento's, as its outbox does."""
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
        refunds, memos = self.stripe.refunds, self.order.memos
        context = f"\n{memos}\n{refunds}\n{self.order.comments}"
        in_magento = {refund: memo for memo in memos for refund in memo.refunds}
        assert len(in_magento) == sum(len(memo.refunds) for memo in memos), f"one refund on two memos: {context}"
        dismissed = self._dismissed()
        for refund in refunds:
            self._check_refund(refund, in_magento, dismissed, context)
        for memo in memos:
            self._check_memo(memo, {refund.id: refund for refund in refunds}, context)
        keys = Counter((refund.metadata or {}).get("sidecar_key") for refund in refunds)
        del keys[None]
        assert set(keys.values()) <= {1}, f"made twice: {context}"
        links = self.loop.run_until_complete(self.store.orders.load(ORDER)).refund_links
        assert links == {refund: memo.event.creditmemo_id for refund, memo in in_magento.items()}, context
        self._check_sums(in_magento, dismissed, context)
        self._check_events(context)

    def _check_refund(
        self, refund: Refund, in_magento: dict[str, FakeMemo], dismissed: dict[str, str], context: str
    ) -> None:
        memo = in_magento.get(refund.id)
        if memo is not None:
            assert memo.refunds[refund.id] == (refund.money.to_decimal(), refund.status), f"{refund.id}: {context}"
        elif refund.is_live:
            assert refund.id in dismissed, f"{refund.id} is nowhere: {context}"

    def _check_memo(self, memo: FakeMemo, refunds: dict[str, Refund], context: str) -> None:
        given = sum((refunds[each].money.to_decimal() for each in memo.refunds if refunds[each].is_live), Decimal(0))
        assert given <= memo.total, f"more went back than the memo says: {memo}{context}"
        came = sum(refunds[each].money.to_decimal() for each in memo.refunds if refunds[each].status == "succeeded")
        if memo.refunds or not memo.event.offline:
            assert memo.state == ("refunded" if came == memo.total else "open"), f"{memo}{context}"
        if given < memo.total and not memo.event.offline:
            failed = any(not refunds[each].is_live for each in memo.refunds)
            assert failed or any("refused" in told for told in memo.told), f"nobody is told: {memo}{context}"
        if memo.event.stripe_refund is not None:
            assert memo.event.stripe_refund in memo.refunds

    def _check_sums(self, in_magento: dict[str, FakeMemo], dismissed: dict[str, str], context: str) -> None:
        """What Magento says went back is what Stripe says, but for what is open on a memo or stands in the history."""
        live: dict[str, Decimal] = {
            refund.id: refund.money.to_decimal() for refund in self.stripe.refunds if refund.is_live
        }
        by_memo = sum((amount for refund, amount in live.items() if refund in in_magento), Decimal(0))
        offline = [memo for memo in self.order.memos if memo.event.offline and not memo.refunds]
        owed = sum(
            (memo.total - sum(live.get(each, Decimal(0)) for each in memo.refunds))
            for memo in self.order.memos
            if memo not in offline
        )
        by_hand = sum((memo.total for memo in offline), Decimal(0))
        assert self.order.total_refunded == by_memo + owed + by_hand, context
        assert self.order.total_refunded <= self.order.total_paid, context
        without = [refund for refund in live if refund not in in_magento]
        assert all(dismissed[refund] in {"not_refundable", "held"} for refund in without), context

    def _check_events(self, context: str) -> None:
        told = Counter(message.message_id for message in self.publisher.messages)
        for refund in self.stripe.refunds:
            about = f"{ORDER}:{refund.id}"
            if refund.status == "succeeded":
                assert told[f"commerce.payment.refunded.v1:{about}"] >= 1, f"{refund.id} is not told: {context}"
            if told[f"commerce.payment.refunded.v1:{about}"] and not refund.is_live:
                assert told[f"commerce.refund.failed.v1:{about}"] >= 1, f"{refund.id} failed in silence: {context}"
        amounts = {
            message.message_id: orjson.loads(message.body)["data"]["amount"]["minor_units"]
            for message in self.publisher.messages
            if message.message_type == "commerce.payment.refunded.v1"
        }
        for refund in self.stripe.refunds:
            assert amounts.get(f"commerce.payment.refunded.v1:{ORDER}:{refund.id}", refund.amount) == refund.amount

    def _dismissed(self) -> dict[str, str]:
        record = self.loop.run_until_complete(self.store.orders.load(ORDER))
        return {known.refund.id: known.dismissed for known in record.refunds if known.dismissed is not None}


OnePaidOrder.TestCase.settings = INTERLEAVINGS
TestOnePaidOrder = OnePaidOrder.TestCase
