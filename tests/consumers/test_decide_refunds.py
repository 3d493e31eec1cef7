"""What is decided about credit memos and refunds, state by state."""

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any, TypeVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consumers.order_payment.decide import decide
from consumers.order_payment.reflect import record_capture
from consumers.order_payment.state import OrderPaymentState
from consumers.order_refunds.creditmemos import wait_for_payment
from consumers.order_refunds.decide import decide_refunds
from consumers.order_refunds.links import links_of
from schemas.ids import MagentoCreditmemoId, PaymentIntentId, RefundId
from schemas.magento.creditmemo_created_v1 import CreditmemoCreatedV1
from schemas.money import Money
from schemas.stripe.payment_intent import PaymentIntent
from schemas.stripe.refund import Refund
from sidecar.effects.dismiss_refund import DismissRefund
from sidecar.effects.effect import Effect
from sidecar.effects.publish_event import PublishEvent
from sidecar.effects.record_creditmemo_refund import RecordCreditmemoRefund
from sidecar.effects.record_refund import RecordRefund, RefundRecorded
from sidecar.effects.refund_creditmemo import RefundCreditmemo
from sidecar.effects.refund_effect import RefundAnswer
from sidecar.effects.refund_payment import RefundPayment
from sidecar.ports.magento import RefundWriteBack
from sidecar.ports.records import KnownCreditmemo, KnownRefund
from tests.consumers.builders import PLACED_AT, a_state, an_intent, an_order
from tests.consumers.refund_builders import a_creditmemo, a_refund, with_lines

E = TypeVar("E", bound=Effect)
ORDER = with_lines(an_order(), (("TEE", "19.99", 2), ("MUG", "7.50", 3)), shipping="25.00")
PAID = an_intent(1, "succeeded")
APPLIED = '{"outcome":"applied"}'


def names(effects: Sequence[Effect]) -> list[str]:
    return [e.type if isinstance(e, PublishEvent) else type(e).__name__ for e in effects]


def only(effects: Sequence[Effect], kind: type[E]) -> E:
    (found,) = (effect for effect in effects if isinstance(effect, kind))
    return found


def paid(
    *,
    memos: Sequence[CreditmemoCreatedV1 | KnownCreditmemo] = (),
    refunds: Sequence[Refund | KnownRefund] = (),
    links: dict[str, int] | None = None,
    intents: tuple[PaymentIntent, ...] = (PAID,),
    results: dict[str, str] | None = None,
    **fields: Any,
) -> OrderPaymentState:
    """An order whose payment is on Magento's books."""
    booked = {record_capture(a_state(ORDER), each, reopened=False).key: APPLIED for each in intents}
    return a_state(
        ORDER,
        intents=intents,
        creditmemos=tuple(each if isinstance(each, KnownCreditmemo) else KnownCreditmemo(each) for each in memos),
        refunds=tuple(each if isinstance(each, KnownRefund) else KnownRefund(each) for each in refunds),
        refund_links={RefundId(refund): MagentoCreditmemoId(memo) for refund, memo in (links or {}).items()},
        results=booked | (results or {}),
        **fields,
    )


def a_memo(number: int = 1, total: str = "19.99", **fields: Any) -> CreditmemoCreatedV1:
    return a_creditmemo(number, total, order=ORDER, **fields)


def ours(number: int, memo: int, amount: int = 1999, part: str = "", **fields: Any) -> Refund:
    """A refund that the sidecar made for a memo."""
    marks = {"magento_creditmemo_id": str(memo), "sidecar_key": f"stripe:main/test:creditmemo:shop/{memo}{part}"}
    return a_refund(number, amount, metadata=marks, **fields)


def answer_of(effect: RefundCreditmemo, refund: Refund | None = None, code: str | None = None) -> dict[str, str]:
    answer = RefundAnswer(payment_intent=effect.payment_intent, amount=effect.amount, refund=refund, code=code)
    return {effect.key: answer.model_dump_json()}


def recorded(effect: RecordRefund, outcome: Any, memo: int | None = None) -> dict[str, str]:
    answer = RefundWriteBack(
        outcome=outcome, creditmemo_id=None if memo is None else MagentoCreditmemoId(memo), creditmemo_increment_id="9"
    )
    return {effect.key: RefundRecorded(answer=answer, told=effect.refund).model_dump_json()}


class TestCreditmemos:
    def test_a_memo_is_refunded_once_with_all_that_finds_it_again(self) -> None:
        effect = only(decide_refunds(paid(memos=[a_memo(7)])), RefundCreditmemo)
        assert (effect.payment_intent, effect.amount) == ("pi_1", Money(minor_units=1999, currency="USD"))
        assert effect.key == "stripe:main/test:creditmemo:shop/7"
        assert effect.metadata == {
            "magento_instance": "shop",
            "magento_order_id": "42",
            "magento_increment_id": "000000042",
            "magento_store_id": "1",
            "magento_creditmemo_id": "7",
        }

    def test_then_magento_is_told_and_then_the_systems_behind_it(self) -> None:
        state = paid(memos=[a_memo()], refunds=[ours(1, 1)], links={"re_1": 1})
        effects = decide_refunds(state)
        assert names(effects) == ["RecordCreditmemoRefund", "commerce.payment.refunded.v1"]
        told = only(effects, RecordCreditmemoRefund).refund
        assert (told.refund_id, told.status, told.amount, told.currency) == (
            "re_1",
            "succeeded",
            Decimal("19.99"),
            "USD",
        )
        published = only(effects, PublishEvent).data
        assert (getattr(published, "reason", ""), getattr(published, "creditmemo_id", 0)) == ("credit_memo", 1)

    def test_two_memos_of_equal_amount_are_two_refunds(self) -> None:
        effects = decide_refunds(paid(memos=[a_memo(1), a_memo(2)]))
        assert names(effects) == ["RefundCreditmemo", "RefundCreditmemo"]
        assert len({effect.key for effect in effects}) == 2

    @pytest.mark.parametrize(
        "memo",
        [
            a_memo(offline=True),
            a_memo(payment_method="checkmo"),
            a_memo(stripe_refund=RefundId("re_1")),
            a_memo(total="0.00"),
        ],
        ids=["offline", "another method", "made from a refund", "all in store credit"],
    )
    def test_a_memo_whose_money_is_not_to_move_moves_none(self, memo: CreditmemoCreatedV1) -> None:
        assert decide_refunds(paid(memos=[memo])) == []

    def test_before_its_payment_a_memo_waits(self) -> None:
        state = a_state(ORDER, intents=(an_intent(1, "requires_capture"),), creditmemos=(KnownCreditmemo(a_memo()),))
        assert decide_refunds(state) == []
        assert wait_for_payment(state, links_of(state)) == [1]
        assert wait_for_payment(paid(memos=[a_memo()]), {}) == []

    def test_what_is_more_than_was_paid_is_refused_clearly_and_not_in_part(self) -> None:
        effect = only(decide_refunds(paid(memos=[a_memo(total="87.49")])), RecordCreditmemoRefund)
        assert (effect.refund.status, effect.refund.code, effect.refund.refund_id) == (
            "refused",
            "amount_too_large",
            None,
        )

    def test_where_nothing_is_left_the_memo_is_refused(self) -> None:
        state = paid(memos=[a_memo()], refunds=[KnownRefund(a_refund(5, 8748), "not_refundable")])
        assert only(decide_refunds(state), RecordCreditmemoRefund).refund.code == "charge_already_refunded"

    def test_a_refusal_of_stripes_is_told_with_its_reason_and_not_tried_again(self) -> None:
        first = paid(memos=[a_memo()])
        asked = only(decide_refunds(first), RefundCreditmemo)
        refusal = answer_of(asked, code="charge_disputed")
        effect = only(decide_refunds(paid(memos=[a_memo()], results=refusal)), RecordCreditmemoRefund)
        assert (effect.refund.status, effect.refund.code, effect.refund.amount) == (
            "refused",
            "charge_disputed",
            Decimal("19.99"),
        )
        concluded = paid(memos=[KnownCreditmemo(a_memo(), "charge_disputed")], results=refusal)
        assert names(decide_refunds(concluded)) == ["commerce.refund.failed.v1"]

    def test_what_was_refused_stays_refused_when_the_ledger_has_forgotten(self) -> None:
        state = paid(memos=[KnownCreditmemo(a_memo(), "charge_disputed")])
        assert names(decide_refunds(state)) == ["commerce.refund.failed.v1"]

    def test_a_refusal_that_somebody_elses_refund_explains_is_planned_anew(self) -> None:
        newer = an_intent(2, "succeeded", amount_received=3000, amount=3000)
        memo = a_memo(total="30.00")
        first = only(decide_refunds(paid(memos=[memo], intents=(PAID, newer))), RefundCreditmemo)
        assert (first.payment_intent, first.amount.minor_units) == ("pi_2", 3000)
        refusal = answer_of(first, code="amount_too_large")
        taken = KnownRefund(a_refund(5, 1000, payment_intent="pi_2"), "not_refundable")
        again = paid(memos=[memo], intents=(PAID, newer), refunds=[taken], results=refusal)
        parts = [
            (e.payment_intent, e.amount.minor_units, e.part)
            for e in decide_refunds(again)
            if isinstance(e, RefundCreditmemo)
        ]
        assert parts == [("pi_2", 2000, 2), ("pi_1", 1000, 3)]

    def test_a_memo_over_several_payments_takes_the_newest_first(self) -> None:
        newer = an_intent(2, "succeeded", amount_received=3000, amount=3000)
        effects = decide_refunds(paid(memos=[a_memo(total="50.00"), a_memo(2, "40.00")], intents=(PAID, newer)))
        parts = [
            (e.key.rpartition(":")[2], e.payment_intent, e.amount.minor_units)
            for e in effects
            if isinstance(e, RefundCreditmemo)
        ]
        assert parts == [("shop/1", "pi_2", 3000), ("shop/1/2", "pi_1", 2000), ("shop/2", "pi_1", 4000)]

    def test_after_a_crash_the_part_that_was_begun_comes_before_any_other(self) -> None:
        begun = only(decide_refunds(paid(memos=[a_memo()])), RefundCreditmemo)
        effects = decide_refunds(paid(memos=[a_memo(1), a_memo(2)], attempted=frozenset((begun.key,))))
        assert [effect.key for effect in effects] == [begun.key]

    @pytest.mark.parametrize("status", ["pending", "succeeded", "failed", "canceled"])
    def test_a_refund_is_its_memos_by_its_metadata_before_its_effect_is_closed(self, status: str) -> None:
        effects = decide_refunds(paid(memos=[a_memo(7)], refunds=[ours(1, 7, status=status)]))
        assert names(effects) == ["RecordCreditmemoRefund"]
        assert only(effects, RecordCreditmemoRefund).creditmemo == 7

    def test_a_refund_that_failed_is_told_and_alerted_and_not_made_again(self) -> None:
        refund = ours(1, 1, status="failed", failure_reason="lost_or_stolen_card")
        effects = decide_refunds(paid(memos=[a_memo()], refunds=[refund], links={"re_1": 1}))
        assert names(effects) == ["RecordCreditmemoRefund", "commerce.refund.failed.v1"]
        told = only(effects, RecordCreditmemoRefund)
        assert (told.refund.status, told.refund.code) == ("failed", "lost_or_stolen_card")
        assert told.refund.message == "The card was reported lost or stolen."
        done = {effect.key: APPLIED for effect in effects}
        assert decide_refunds(paid(memos=[a_memo()], refunds=[refund], links={"re_1": 1}, results=done)) == []

    def test_a_memo_in_another_currency_is_refused(self) -> None:
        memo = a_memo()
        euros = memo.model_copy(update={"totals": memo.totals.model_copy(update={"currency": "EUR"})})
        assert only(decide_refunds(paid(memos=[euros])), RecordCreditmemoRefund).refund.code == "currency_mismatch"

    def test_a_total_that_the_currency_cannot_express_is_refused(self) -> None:
        told = only(decide_refunds(paid(memos=[a_memo(total="19.9950")])), RecordCreditmemoRefund)
        assert (told.refund.code, told.refund.amount) == ("amount_not_expressible", Decimal("19.9950"))

    def test_a_payment_that_is_being_given_back_pays_for_no_memo(self) -> None:
        twice = an_intent(2, "succeeded")
        state = paid(memos=[a_memo(total="87.48")], intents=(PAID,))
        both = a_state(ORDER, intents=(PAID, twice), results=dict(state.results), creditmemos=state.creditmemos)
        assert only(decide(both), RefundPayment).payment_intent == "pi_2"
        assert only(decide_refunds(both), RefundCreditmemo).payment_intent == "pi_1"


class TestRefundsMadeInStripe:
    @pytest.mark.parametrize(("cents", "lines"), [(8748, "whole"), (1999, "items"), (2500, "items"), (123, "amount")])
    def test_magento_is_told_with_the_lines_that_fit(self, cents: int, lines: str) -> None:
        told = only(decide_refunds(paid(refunds=[a_refund(1, cents)])), RecordRefund).refund
        assert (told.refund_id, told.lines, told.amount) == ("re_1", lines, Decimal(cents) / 100)
        assert (told.payment_intent_id, told.charge_id, told.status) == ("pi_1", "ch_1", "succeeded")

    def test_two_in_one_event_are_told_one_by_one_each_knowing_of_the_one_before(self) -> None:
        effects = decide_refunds(paid(refunds=[a_refund(1, 1999), a_refund(2, 1999), a_refund(3, 4750)]))
        told = [(e.refund.refund_id, e.refund.lines) for e in effects if isinstance(e, RecordRefund)]
        assert told == [("re_1", "items"), ("re_2", "items"), ("re_3", "whole")]

    def test_what_is_recorded_and_linked_is_not_told_again(self) -> None:
        effect = only(decide_refunds(paid(refunds=[a_refund()])), RecordRefund)
        done = recorded(effect, "applied", 3)
        assert names(decide_refunds(paid(refunds=[a_refund()], links={"re_1": 3}, results=done))) == [
            "commerce.payment.refunded.v1"
        ]

    def test_the_memo_that_magento_makes_for_it_does_not_come_back_as_a_refund(self) -> None:
        memo = a_memo(3, stripe_refund=RefundId("re_1"), offline=True)
        for links in ({}, {"re_1": 3}):
            effects = decide_refunds(paid(memos=[memo], refunds=[a_refund()], links=links))
            assert "RefundCreditmemo" not in names(effects)
            assert "RecordRefund" not in names(effects)
        assert decide_refunds(paid(memos=[memo])) == []

    def test_lines_that_differ_are_told_as_an_amount(self) -> None:
        first = only(decide_refunds(paid(refunds=[a_refund()])), RecordRefund)
        differ = recorded(first, "lines_differ")
        second = only(decide_refunds(paid(refunds=[a_refund()], results=differ)), RecordRefund)
        assert (second.refund.lines, second.refund.items, second.key != first.key) == ("amount", (), True)

    @pytest.mark.parametrize("outcome", ["not_refundable", "order_canceled"])
    def test_without_anything_to_refund_it_is_said_and_done_with(self, outcome: str) -> None:
        first = only(decide_refunds(paid(refunds=[a_refund()])), RecordRefund)
        said = only(decide_refunds(paid(refunds=[a_refund()], results=recorded(first, outcome))), DismissRefund)
        assert (said.refund, said.reason) == ("re_1", outcome)
        done = paid(refunds=[KnownRefund(a_refund(), outcome)], results=recorded(first, outcome))
        assert names(decide_refunds(done)) == ["commerce.payment.refunded.v1"]

    def test_an_amount_that_fits_several_lines_is_an_adjustment_or_waits_for_a_person(self) -> None:
        order = with_lines(an_order(), (("TEE", "20.00", 2), ("CAP", "20.00", 1)))
        intent = an_intent(1, "succeeded", amount=6000, amount_received=6000)
        booked = {record_capture(a_state(order), intent, reopened=False).key: APPLIED}
        refunds = (KnownRefund(a_refund(1, 2000)),)

        def decided(**more: Any) -> list[Effect]:
            known: dict[str, Any] = {"intents": (intent,), "results": booked, "refunds": refunds}
            return decide_refunds(a_state(order, **(known | more)))

        assert only(decided(), RecordRefund).refund.lines == "amount"
        held = only(decided(on_ambiguous_refund="manual"), DismissRefund)
        assert held.reason == "held"
        waiting = (KnownRefund(a_refund(1, 2000), "held"),)
        assert names(decided(on_ambiguous_refund="manual", refunds=waiting)) == [
            "commerce.payment.held.v1",
            "commerce.payment.refunded.v1",
        ]
        made_at = PLACED_AT + timedelta(days=100)
        by_hand = a_creditmemo(9, "20.00", order=order, offline=True, created_at=made_at)
        effects = decided(refunds=waiting, creditmemos=(KnownCreditmemo(by_hand),))
        assert only(effects, RecordCreditmemoRefund).creditmemo == 9

    @pytest.mark.parametrize("status", ["failed", "canceled", "requires_action", None])
    def test_a_refund_that_has_not_left_makes_no_memo(self, status: str | None) -> None:
        assert decide_refunds(paid(refunds=[a_refund(status=status)])) == []

    def test_one_that_waits_for_the_bank_makes_one_that_is_open(self) -> None:
        assert only(decide_refunds(paid(refunds=[a_refund(status="pending")])), RecordRefund).refund.status == "pending"

    def test_when_it_fails_later_its_memo_is_told(self) -> None:
        effect = only(decide_refunds(paid(refunds=[a_refund()])), RecordRefund)
        failed = a_refund(status="failed", failure_reason="declined")
        state = paid(refunds=[failed], links={"re_1": 3}, results=recorded(effect, "applied", 3))
        effects = decide_refunds(state)
        assert names(effects) == ["RecordCreditmemoRefund", "commerce.refund.failed.v1"]
        assert only(effects, RecordCreditmemoRefund).creditmemo == 3

    def test_the_part_of_an_authorisation_that_was_not_captured_is_no_refund(self) -> None:
        intent = an_intent(1, "succeeded", amount=9000, amount_received=8748)
        release = a_refund(1, 252, balance_transaction=None)
        assert decide_refunds(paid(intents=(intent,), refunds=[release])) == []
        expired = a_refund(1, 252, reason="expired_uncaptured_charge")
        assert decide_refunds(paid(intents=(intent,), refunds=[expired])) == []

    def test_a_payment_that_was_one_too_many_has_no_invoice_to_make_a_memo_of(self) -> None:
        twice = an_intent(2, "succeeded")
        state = paid()
        both = a_state(
            ORDER,
            intents=(PAID, twice),
            results=dict(state.results),
            refunds=(KnownRefund(a_refund(1, 8748, payment_intent="pi_2")),),
        )
        assert "RefundPayment" not in names(decide(both))  # somebody was faster in the dashboard
        said = only(decide_refunds(both), DismissRefund)
        assert said.reason == "not_invoiced"

    def test_a_payment_that_the_order_did_not_take_is_none_of_its_books(self) -> None:
        """The order was paid another way: its own money must not be taken off its books."""
        capture = record_capture(a_state(ORDER), PAID, reopened=False).key
        state = a_state(
            ORDER,
            intents=(PAID,),
            results={capture: '{"outcome":"not_payable"}'},
            refunds=(KnownRefund(a_refund(1, 8748)),),
        )
        assert only(decide_refunds(state), DismissRefund).reason == "not_invoiced"

    def test_money_that_the_sidecar_gave_back_itself_makes_no_memo(self) -> None:
        marks = {"sidecar_key": "stripe:main/test:refund:pi_1"}
        late = a_state(
            ORDER,
            intents=(PAID,),
            canceled=True,
            refunds=(KnownRefund(a_refund(1, 8748, metadata=marks), "order_canceled"),),
        )
        assert names(decide_refunds(late)) == ["commerce.payment.refunded.v1"]
        unclosed = a_state(
            ORDER, intents=(PAID,), canceled=True, refunds=(KnownRefund(a_refund(1, 8748, metadata=marks)),)
        )
        assert decide_refunds(unclosed) == []

    def test_money_of_a_cancelled_order_that_did_not_arrive_is_alerted(self) -> None:
        marks = {"sidecar_key": "stripe:main/test:refund:pi_1"}
        failed = KnownRefund(a_refund(1, 8748, metadata=marks, status="failed"), "order_canceled")
        state = a_state(ORDER, intents=(PAID,), canceled=True, refunds=(failed,))
        assert names(decide_refunds(state)) == ["AddComment", "commerce.refund.failed.v1"]
        assert decide(state) == []

    def test_of_a_cancelled_order_only_what_is_left_is_given_back(self) -> None:
        state = a_state(ORDER, intents=(PAID,), canceled=True, refunds=(KnownRefund(a_refund(1, 1000)),))
        assert only(decide(state), RefundPayment).amount.minor_units == 7748

    def test_an_order_is_not_reopened_for_money_that_is_gone(self) -> None:
        state = a_state(
            ORDER,
            intents=(PAID,),
            canceled=True,
            refunds=(KnownRefund(a_refund(1, 8748)),),
            on_payment_of_canceled_order="reopen",
        )
        assert decide(state) == []
        assert names(decide_refunds(state)) == ["DismissRefund"]

    def test_giving_back_what_stripe_refuses_ends_with_a_person(self) -> None:
        state = a_state(ORDER, intents=(PAID,), canceled=True)
        asked = only(decide(state), RefundPayment)
        answer = RefundAnswer(payment_intent=PaymentIntentId("pi_1"), amount=asked.amount, code="charge_disputed")
        refused = a_state(ORDER, intents=(PAID,), canceled=True, results={asked.key: answer.model_dump_json()})
        assert names(decide(refused)) == ["AddComment", "commerce.refund.failed.v1"]


class TestWhatIsOwed:
    """A memo that Stripe refused, or whose refund failed, is settled by a refund of that amount that a person makes."""

    def test_a_refund_in_the_dashboard_settles_the_memo_that_was_refused(self) -> None:
        state = paid(memos=[KnownCreditmemo(a_memo(7), "charge_disputed")], refunds=[a_refund()])
        effects = decide_refunds(state)
        told = only(effects, RecordCreditmemoRefund)
        assert (told.creditmemo, told.refund.refund_id, told.refund.status) == (7, "re_1", "succeeded")
        assert "RecordRefund" not in names(effects)

    def test_and_the_memo_whose_refund_failed(self) -> None:
        refunds = [ours(1, 7, status="failed"), a_refund(2)]
        told = [
            (e.creditmemo, e.refund.refund_id, e.refund.status)
            for e in decide_refunds(paid(memos=[a_memo(7)], refunds=refunds, links={"re_1": 7}))
            if isinstance(e, RecordCreditmemoRefund)
        ]
        assert told == [(7, "re_1", "failed"), (7, "re_2", "succeeded")]

    def test_another_amount_does_not(self) -> None:
        state = paid(memos=[KnownCreditmemo(a_memo(7), "charge_disputed")], refunds=[a_refund(1, 1998)])
        assert names(decide_refunds(state))[0] == "RecordRefund"

    def test_a_memo_whose_refund_is_still_due_is_not_settled_by_somebody_elses_of_equal_amount(self) -> None:
        effects = decide_refunds(paid(memos=[a_memo(7)], refunds=[a_refund()]))
        assert names(effects) == ["RefundCreditmemo", "RecordRefund"]

    def test_one_refund_settles_one_memo(self) -> None:
        memos = [KnownCreditmemo(a_memo(number), "charge_disputed") for number in (7, 8)]
        told = [
            (e.creditmemo, e.refund.refund_id)
            for e in decide_refunds(paid(memos=memos, refunds=[a_refund(1), a_refund(2)]))
            if isinstance(e, RecordCreditmemoRefund)
        ]
        assert told == [(7, "re_1"), (8, "re_2")]

    def test_it_counts_although_magento_had_nothing_left_when_it_came(self) -> None:
        """The memo and the refund were made at the same moment, and the refund was heard of first."""
        memo = KnownCreditmemo(a_memo(7, "87.48"), "charge_already_refunded")
        refund = KnownRefund(a_refund(1, 8748), "not_refundable")
        assert only(decide_refunds(paid(memos=[memo], refunds=[refund])), RecordCreditmemoRefund).creditmemo == 7


class TestIdentity:
    @pytest.mark.parametrize(
        ("metadata", "expected"),
        [
            ({"magento_creditmemo_id": "7"}, 7),
            ({"magento_creditmemo_id": "7", "magento_instance": "shop", "magento_order_id": "42"}, 7),
            ({"magento_creditmemo_id": "7", "magento_instance": "b2b"}, None),
            ({"magento_creditmemo_id": "7", "magento_order_id": "43"}, None),
            ({"magento_creditmemo_id": "8"}, None),
            ({"magento_creditmemo_id": "8", "sidecar_key": "stripe:main/test:creditmemo:shop/8"}, 8),
            ({"magento_creditmemo_id": "seven"}, None),
            ({"magento_creditmemo_id": "\u0667"}, None),
            ({}, None),
        ],
    )
    def test_a_refund_names_its_memo_in_its_metadata(self, metadata: dict[str, str], expected: int | None) -> None:
        state = paid(memos=[a_memo(7)], refunds=[a_refund(metadata=metadata)])
        assert links_of(state).get(RefundId("re_1")) == expected

    def test_the_stores_word_counts_before_the_memos_and_that_before_the_metadata(self) -> None:
        memos = [a_memo(7), a_memo(8, stripe_refund=RefundId("re_1"))]
        refunds = [a_refund(metadata={"magento_creditmemo_id": "7"})]
        assert links_of(paid(memos=memos, refunds=refunds)) == {"re_1": 8}
        assert links_of(paid(memos=memos, refunds=refunds, links={"re_1": 9})) == {"re_1": 9}


def _arrivals() -> list[tuple[str, Any]]:
    return [
        ("memo", a_memo(1)),
        ("memo", a_memo(2)),
        ("memo", a_memo(3, "7.50", stripe_refund=RefundId("re_9"), offline=True)),
        ("refund", ours(1, 1)),
        ("refund", ours(2, 2, status="pending")),
        ("refund", a_refund(9, 750)),
        ("refund", a_refund(8, 123)),
    ]


@settings(max_examples=100, deadline=None)
@given(order=st.permutations(_arrivals()))
def test_the_same_facts_lead_to_the_same_decision_in_whatever_order_they_came(order: list[tuple[str, Any]]) -> None:
    def state_of(arrivals: list[tuple[str, Any]]) -> OrderPaymentState:
        memos = sorted((each for kind, each in arrivals if kind == "memo"), key=lambda memo: memo.creditmemo_id)
        refunds = sorted((each for kind, each in arrivals if kind == "refund"), key=lambda refund: refund.created)
        return paid(memos=memos, refunds=refunds)

    assert decide_refunds(state_of(order)) == decide_refunds(state_of(_arrivals()))


@settings(max_examples=100, deadline=None)
@given(order=st.permutations(_arrivals()), at=st.integers(0, 7))
def test_whoever_comes_first_no_memo_is_refunded_twice_and_no_refund_told_of_twice(
    order: list[tuple[str, Any]], at: int
) -> None:
    """At every moment, what is planned is about what has no counterpart yet."""
    known = order[:at]
    memos = sorted((each for kind, each in known if kind == "memo"), key=lambda memo: memo.creditmemo_id)
    refunds = sorted((each for kind, each in known if kind == "refund"), key=lambda refund: refund.created)
    effects = decide_refunds(paid(memos=memos, refunds=refunds))
    made_for = {each.metadata.get("magento_creditmemo_id") for each in refunds if each.metadata}
    given_back = [str(effect.creditmemo) for effect in effects if isinstance(effect, RefundCreditmemo)]
    assert not set(given_back) & made_for
    assert "3" not in given_back
    told = [effect.refund.refund_id for effect in effects if isinstance(effect, RecordRefund)]
    linked = {each.stripe_refund for each in memos if each.stripe_refund}
    assert not set(told) & linked
    assert set(told) <= {"re_8", "re_9"}
    assert len(told) == len(set(told))
