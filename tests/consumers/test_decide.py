"""What is decided, state by state."""

from typing import Any, TypeVar

import pytest

from consumers.order_payment.decide import decide
from consumers.order_payment.state import OrderPaymentState
from schemas.ids import PaymentIntentId
from sidecar.effects.add_comment import AddComment
from sidecar.effects.cancel_payment_intent import CancelPaymentIntent
from sidecar.effects.create_checkout_session import CreateCheckoutSession
from sidecar.effects.create_customer import CreateCustomer
from sidecar.effects.create_payment_intent import CreatePaymentIntent
from sidecar.effects.effect import Effect
from sidecar.effects.hold_order import HoldOrder
from sidecar.effects.offer_payment import OfferPayment
from sidecar.effects.publish_event import PublishEvent
from sidecar.effects.record_capture import RecordCapture
from sidecar.effects.record_payment_failure import RecordPaymentFailure
from sidecar.effects.refund_effect import RefundAnswer
from sidecar.effects.refund_payment import RefundPayment
from sidecar.ports.records import KnownRefund
from tests.consumers.builders import a_session, a_state, an_intent, an_order
from tests.consumers.refund_builders import a_refund

E = TypeVar("E", bound=Effect)

APPLIED = '{"outcome":"applied"}'
DECLINED = {"type": "card_error", "code": "card_declined", "decline_code": "generic_decline", "charge": "ch_9"}


def names(effects: list[Effect]) -> list[str]:
    return [e.type if isinstance(e, PublishEvent) else type(e).__name__ for e in effects]


def only(effects: list[Effect], kind: type[E]) -> E:
    (found,) = (effect for effect in effects if isinstance(effect, kind))
    return found


def after(state: OrderPaymentState, *done: Effect, result: str = APPLIED) -> dict[str, str]:
    del state
    return {effect.key: result for effect in done}


def test_the_customer_comes_first() -> None:
    assert names(decide(a_state(customer=None))) == ["CreateCustomer"]


def test_a_guest_is_a_customer_of_this_order_only() -> None:
    guest = only(decide(a_state(an_order(order_id=7), customer=None)), CreateCustomer)
    other = only(decide(a_state(an_order(order_id=8), customer=None)), CreateCustomer)
    assert guest.key != other.key
    assert guest.new.email == other.new.email


def test_an_account_is_one_customer_in_all_its_orders() -> None:
    first = only(decide(a_state(an_order(order_id=7, customer_id=3), customer=None)), CreateCustomer)
    second = only(decide(a_state(an_order(order_id=8, customer_id=3), customer=None)), CreateCustomer)
    assert first.key == second.key


def test_a_payment_method_is_confirmed_at_once() -> None:
    created = only(decide(a_state(an_order(payment_method="pm_1"))), CreatePaymentIntent)
    assert created.new.payment_method == "pm_1"
    assert created.new.metadata == {
        "magento_instance": "shop",
        "magento_order_id": "42",
        "magento_increment_id": "000000042",
        "magento_store_id": "1",
    }


def test_without_one_the_shopper_gets_an_intent_then_a_page_then_both_written_back() -> None:
    assert names(decide(a_state())) == ["CreatePaymentIntent"]
    assert names(decide(a_state(intents=(an_intent(),)))) == ["CreateCheckoutSession"]
    offer = only(decide(a_state(intents=(an_intent(),), sessions=(a_session(),))), OfferPayment)
    assert (offer.url, offer.payment_intent, offer.reason) == ("https://checkout.example/1", "pi_1", "unpaid")


def test_a_store_may_offer_only_one_way() -> None:
    assert names(decide(a_state(offer=("checkout_session",)))) == ["CreateCheckoutSession"]
    assert names(decide(a_state(intents=(an_intent(),), offer=("payment_intent",)))) == ["OfferPayment"]


def test_a_paid_intent_pays_the_order_and_closes_every_other_way() -> None:
    effects = decide(a_state(intents=(an_intent(1), an_intent(2, "succeeded")), sessions=(a_session(),)))
    assert names(effects) == [
        "RecordCapture",
        "commerce.payment.captured.v1",
        "ExpireCheckoutSession",
        "CancelPaymentIntent",
    ]
    assert only(effects, RecordCapture).payment.card_last4 == "4242"
    assert only(effects, CancelPaymentIntent).payment_intent == "pi_1"


def test_nothing_is_decided_once_all_is_done() -> None:
    state = a_state(an_order(payment_method="pm_1"), intents=(an_intent(1, "succeeded"),))
    done = after(state, *decide(state))
    assert decide(a_state(an_order(payment_method="pm_1"), intents=(an_intent(1, "succeeded"),), results=done)) == []


def test_a_decline_is_told_before_the_page_is_made() -> None:
    declined = an_intent(1, last_payment_error=DECLINED)
    first = decide(a_state(an_order(payment_method="pm_1"), intents=(declined,)))
    assert names(first) == ["RecordPaymentFailure", "commerce.payment.failed.v1"]
    failure = only(first, RecordPaymentFailure).failure
    assert (failure.failure_id, failure.retryable, failure.notify_shopper) == ("ch_9", True, True)
    done = after(a_state(), *first)
    second = decide(a_state(an_order(payment_method="pm_1"), intents=(declined,), results=done))
    assert names(second) == ["CreateCheckoutSession"]
    third = decide(
        a_state(an_order(payment_method="pm_1"), intents=(declined,), sessions=(a_session(),), results=done),
    )
    assert only(third, OfferPayment).reason == "payment_failed"


@pytest.mark.parametrize(
    "error",
    [DECLINED | {"decline_code": "stolen_card"}, DECLINED | {"advice_code": "do_not_try_again"}],
)
def test_what_must_not_be_retried_is_marked_and_named_generically(error: dict[str, str]) -> None:
    effects = decide(a_state(intents=(an_intent(1, last_payment_error=error),)))
    failure = only(effects, RecordPaymentFailure).failure
    assert not failure.retryable
    assert "stolen" not in failure.message.lower()


def test_every_attempt_fails_by_itself() -> None:
    one = only(decide(a_state(intents=(an_intent(1, last_payment_error=DECLINED),))), RecordPaymentFailure)
    two = only(
        decide(a_state(intents=(an_intent(1, last_payment_error=DECLINED | {"charge": "ch_10"}),))),
        RecordPaymentFailure,
    )
    assert one.key != two.key


def test_authentication_off_session_brings_the_shopper_back() -> None:
    error = {"type": "card_error", "code": "authentication_required", "charge": "ch_9"}
    intent = an_intent(1, last_payment_error=error)
    order = an_order(payment_method="pm_1", off_session=True)
    first = decide(a_state(order, intents=(intent,)))
    assert names(first) == ["commerce.payment.action_required.v1"]
    done = after(a_state(), *first)
    offer = only(decide(a_state(order, intents=(intent,), sessions=(a_session(),), results=done)), OfferPayment)
    assert (offer.reason, offer.notify_shopper) == ("action_required", True)


def test_the_banks_page_is_offered_where_there_is_one() -> None:
    action = {"type": "redirect_to_url", "redirect_to_url": {"url": "https://bank.example/3ds"}}
    intent = an_intent(1, "requires_action", next_action=action)
    order = an_order(payment_method="pm_1", return_url="https://shop.example/back")
    state = a_state(order, intents=(intent,))
    effects = decide(a_state(order, intents=(intent,), results=after(state, *decide(state))))
    assert only(effects, OfferPayment).url == "https://bank.example/3ds"


@pytest.mark.parametrize(
    ("received", "currency", "reason"),
    [(8747, "usd", "amount_mismatch"), (8748, "eur", "currency_mismatch"), (8749, "usd", "amount_mismatch")],
)
def test_money_that_does_not_fit_holds_the_order(received: int, currency: str, reason: str) -> None:
    effects = decide(a_state(intents=(an_intent(1, "succeeded", amount_received=received, currency=currency),)))
    assert only(effects, HoldOrder).hold.reason == reason
    assert "RecordCapture" not in names(effects)


def test_reserved_money_is_recorded_without_an_invoice() -> None:
    effects = decide(a_state(intents=(an_intent(1, "requires_capture"),)))
    assert names(effects) == ["RecordAuthorization", "commerce.payment.authorized.v1"]


def test_a_cancelled_order_releases_what_is_reserved() -> None:
    effects = decide(a_state(intents=(an_intent(1, "requires_capture"),), canceled=True))
    assert names(effects) == ["CancelPaymentIntent", "AddComment", "commerce.payment.canceled.v1"]


@pytest.mark.parametrize("status", ["requires_payment_method", "requires_action", "requires_confirmation"])
def test_a_cancelled_order_cannot_be_paid_any_more(status: str) -> None:
    effects = decide(a_state(intents=(an_intent(1, status),), sessions=(a_session(),), canceled=True))
    assert names(effects)[:2] == ["ExpireCheckoutSession", "CancelPaymentIntent"]


def late(**policy: Any) -> dict[str, Any]:
    return {"intents": (an_intent(1, "succeeded"),), "canceled": True, **policy}


def test_a_late_payment_is_refunded_by_default() -> None:
    first = decide(a_state(**late()))
    assert names(first) == ["RefundPayment", "AddComment"]
    refund = a_refund(1, 8748, metadata={"sidecar_key": "stripe:main/test:refund:pi_1"})
    answer = RefundAnswer(payment_intent=PaymentIntentId("pi_1"), amount=refund.money, refund=refund)
    done = after(a_state(), *first, result=answer.model_dump_json())
    assert decide(a_state(**late(), results=done, refunds=(KnownRefund(refund, "order_canceled"),))) == []


def test_or_reopens_the_order_and_then_pays_it() -> None:
    reopen = decide(a_state(**late(on_payment_of_canceled_order="reopen")))
    assert names(reopen) == ["ReopenOrder"]
    done = after(a_state(), *reopen)
    effects = decide(a_state(**late(on_payment_of_canceled_order="reopen"), results=done))
    assert names(effects) == ["RecordCapture", "commerce.payment.captured.v1"]
    assert only(effects, RecordCapture).reopened


def test_a_late_payment_is_refunded_where_magento_will_not_reopen() -> None:
    reopen = decide(a_state(**late(on_payment_of_canceled_order="reopen")))
    done = after(a_state(), *reopen, result='{"outcome":"not_payable"}')
    assert names(decide(a_state(**late(on_payment_of_canceled_order="reopen"), results=done)))[0] == "RefundPayment"


def test_a_reopened_order_that_is_cancelled_again_is_refunded() -> None:
    reopen = decide(a_state(**late(on_payment_of_canceled_order="reopen")))
    done = after(a_state(), *reopen)
    capture = only(decide(a_state(**late(on_payment_of_canceled_order="reopen"), results=done)), RecordCapture)
    again = done | {capture.key: '{"outcome":"order_canceled"}'}
    assert names(decide(a_state(**late(on_payment_of_canceled_order="reopen"), results=again)))[0] == "RefundPayment"


def test_cancelling_a_paid_order_refunds_it_unless_the_merchant_keeps_the_money() -> None:
    paid = after(a_state(), *decide(a_state(intents=(an_intent(1, "succeeded"),))))
    assert names(decide(a_state(**late(), results=paid)))[0] == "RefundPayment"
    assert decide(a_state(**late(on_cancel_of_paid_order="keep"), results=paid)) == []


def test_a_second_payment_of_the_same_order_goes_back() -> None:
    effects = decide(a_state(intents=(an_intent(1, "succeeded"), an_intent(2, "succeeded"))))
    assert only(effects, RefundPayment).payment_intent == "pi_2"
    assert only(effects, RecordCapture).payment.payment_intent_id == "pi_1"


def test_nothing_is_cancelled_in_magento_before_everything_is_closed_in_stripe() -> None:
    open_state = a_state(intents=(an_intent(),), sessions=(a_session(),), window_closed=True)
    first = decide(open_state)
    assert names(first) == ["ExpireCheckoutSession", "CancelPaymentIntent"]
    closed = a_state(
        intents=(an_intent(1, "canceled"),),
        sessions=(a_session(1, "expired"),),
        window_closed=True,
        results=after(open_state, *first),
    )
    assert names(decide(closed)) == ["CancelOrder", "commerce.payment.canceled.v1"]


def test_a_payment_on_its_way_keeps_the_order_alive() -> None:
    assert decide(a_state(intents=(an_intent(1, "processing"),), window_closed=True)) == []


def test_an_order_reserved_in_time_is_not_cancelled_by_the_clock() -> None:
    effects = decide(a_state(intents=(an_intent(1, "requires_capture"),), window_closed=True))
    assert names(effects) == ["RecordAuthorization", "commerce.payment.authorized.v1"]


def test_processing_is_said_once_and_opens_no_second_way() -> None:
    state = a_state(intents=(an_intent(1, "processing"),))
    first = decide(state)
    assert [type(effect) for effect in first] == [AddComment]
    assert decide(a_state(intents=(an_intent(1, "processing"),), results=after(state, *first))) == []


def test_a_cancellation_in_the_dashboard_is_a_failure_with_a_new_way_to_pay() -> None:
    intents = (an_intent(1, "canceled"),)
    first = decide(a_state(intents=intents))
    assert only(first, RecordPaymentFailure).failure.code == "canceled"
    assert names(decide(a_state(intents=intents, results=after(a_state(), *first)))) == ["CreateCheckoutSession"]


def test_an_expired_page_is_replaced_while_the_order_may_be_paid() -> None:
    effects = decide(a_state(intents=(an_intent(),), sessions=(a_session(1, "expired"),)))
    assert only(effects, CreateCheckoutSession).number == 2


def test_a_zero_total_needs_no_stripe() -> None:
    effects = decide(a_state(an_order(total="0.00"), customer=None))
    assert names(effects) == ["AcceptWithoutPayment", "commerce.payment.captured.v1"]


def test_an_order_that_takes_no_payment_is_said_so_and_not_refunded_by_itself() -> None:
    state = a_state(intents=(an_intent(1, "succeeded"),))
    capture = only(decide(state), RecordCapture)
    done = {capture.key: '{"outcome":"not_payable"}'}
    assert names(decide(a_state(intents=(an_intent(1, "succeeded"),), results=done))) == ["AddComment"]
