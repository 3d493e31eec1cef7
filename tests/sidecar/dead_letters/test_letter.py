"""What can be read of a dead letter, however broken."""

from datetime import datetime, timedelta
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.ids import (
    CustomerId,
    CustomerRef,
    Instance,
    MagentoCustomerId,
    MagentoOrderId,
    OrderRef,
    StripeCustomerRef,
    Subject,
)
from sidecar.dead_letters.chosen import Chosen, types_of
from sidecar.dead_letters.history import edited, replayed
from sidecar.dead_letters.letter import DeadLetter
from sidecar.message_headers import ATTEMPT, KEPT, PARKED_AT, REASON, REPLAYED_AT, REPLAYED_BY, SUBJECT
from sidecar.subject_text import subject_from
from tests.consumers.builders import ORDER, STRIPE
from tests.sidecar.dead_letters.letters import NOW, a_body, a_letter

HOUR = timedelta(hours=1)
SHOPPER = CustomerRef(instance=Instance("shop"), customer_id=MagentoCustomerId(7))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
)
ENVELOPE = st.fixed_dictionaries({}, optional={"id": JSON, "type": JSON, "source": JSON, "data": JSON})
HEADER = st.none() | st.integers(-5, 5) | st.text() | st.lists(JSON, max_size=2)


@given(
    st.binary(max_size=200) | JSON.map(orjson.dumps) | ENVELOPE.map(orjson.dumps),
    st.dictionaries(st.sampled_from([*KEPT, "x-death"]), HEADER),
)
def test_nothing_that_lies_in_a_queue_makes_a_letter_unreadable(body: bytes, headers: dict[str, Any]) -> None:
    letter = DeadLetter.of("orders", body, headers=headers)
    assert len(letter.ref) == 12
    assert (letter.attempts >= 0, letter.replays >= 0) == (True, True)
    assert letter.parked_at is None or letter.parked_at.tzinfo is not None
    assert letter.first_seen is None or letter.first_seen.tzinfo is not None
    assert isinstance(letter.reason, str)
    assert letter.subject is None or str(letter.subject)
    assert isinstance(types_of(letter), tuple)
    assert letter.event.id is None or letter.event.id


def test_a_letter_that_a_consumer_parked() -> None:
    letter = a_letter()
    assert (letter.reason, letter.detail, letter.attempts) == ("http_503", "gave up after 12 attempts", 12)
    assert (letter.parked_at, letter.first_seen) == (NOW, NOW)
    assert (letter.event.id, letter.event.source, letter.event.type) == (
        "e42",
        "/magento/shop",
        "magento.order.placed.v1",
    )
    assert letter.subject == ORDER


def test_a_letter_that_the_broker_parked_by_itself() -> None:
    deaths = [{"reason": "delivery_limit", "queue": "orders", "count": 1, "time": datetime(2026, 11, 23, 12)}]  # noqa: DTZ001  # as it comes
    letter = DeadLetter.of("orders", a_body(), headers={"x-death": deaths, REASON: "http_503", ATTEMPT: 2})
    assert letter.parked_by_broker
    assert letter.reason == "delivery_limit"  # and not that of an earlier wait
    assert letter.parked_at == NOW


@pytest.mark.parametrize(
    ("document", "subject"),
    [
        ({"data": {"instance": "shop", "order_id": 42, "customer_id": 7}}, ORDER),
        ({"data": {"instance": "shop", "customer_id": 7}}, SHOPPER),
        ({"data": {"data": {"object": {"metadata": {"magento_instance": "shop", "magento_order_id": "42"}}}}}, ORDER),
        ({"data": {"instance": "shop", "order_id": "42"}}, None),
        ({"data": {"instance": "Not a name", "order_id": 42}}, None),
        ({"data": {"instance": "shop", "order_id": -1}}, None),
        ([], None),
    ],
)
def test_whom_a_letter_is_about(document: object, subject: Subject | None) -> None:
    assert DeadLetter.of("orders", orjson.dumps(document)).subject == subject


def test_what_a_consumer_found_out_wins() -> None:
    assert a_letter(subject="shop/customer/7").subject == SHOPPER
    assert a_letter(subject="nonsense").subject == ORDER


@pytest.mark.parametrize(
    "subject",
    [
        ORDER,
        SHOPPER,
        OrderRef(instance=Instance("a-b_c"), order_id=MagentoOrderId(10**9)),
        StripeCustomerRef(stripe=STRIPE, customer=CustomerId("cus_42")),
    ],
    ids=str,
)
def test_the_written_form_of_a_subject_is_read_back(subject: Subject) -> None:
    assert subject_from(str(subject)) == subject


@pytest.mark.parametrize(
    "text", ["", "shop", "shop/", "shop/x", "shop/order/1", "shop/customer/", "/1", "shop/²", "main/live/7"]
)
def test_what_is_no_subject_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        subject_from(text)


def test_copies_have_one_name_and_other_queues_another() -> None:
    assert a_letter().ref == a_letter(reason="bug").ref
    assert len({a_letter().ref, a_letter(43).ref, a_letter(queue="customers").ref}) == 3


@pytest.mark.parametrize(
    ("chosen", "fits"),
    [
        (Chosen(), True),
        (Chosen(queue="orders"), True),
        (Chosen(queue="customers"), False),
        (Chosen(refs=(a_letter().ref[:4],)), True),
        (Chosen(refs=("e42",)), True),
        (Chosen(refs=("e4",)), False),  # the beginning of an event's id is no name
        (Chosen(refs=("0" * 12, a_letter().ref.upper())), True),
        (Chosen(reason="http_503"), True),
        (Chosen(reason="http_500"), False),
        (Chosen(type="magento.order.placed.v1"), True),
        (Chosen(type="magento.order.canceled.v1"), False),
        (Chosen(older_than=HOUR), True),
        (Chosen(older_than=HOUR * 3), False),
        (Chosen(newer_than=HOUR * 3), True),
        (Chosen(newer_than=HOUR), False),
        (Chosen(older_than=HOUR, newer_than=HOUR * 3, subject=ORDER, reason="http_503"), True),
        (Chosen(subject=SHOPPER), False),
    ],
)
def test_which_letters_are_chosen(chosen: Chosen, fits: bool) -> None:  # noqa: FBT001
    assert chosen.fits(a_letter(), NOW + HOUR * 2) is fits


def test_a_letter_whose_age_nobody_knows_is_neither_old_nor_new() -> None:
    letter = a_letter(parked_at="yesterday")
    assert letter.parked_at is None
    assert not Chosen(older_than=timedelta()).fits(letter, NOW)
    assert not Chosen(newer_than=timedelta(days=9999)).fits(letter, NOW)
    assert Chosen().fits(letter, NOW)


def test_stripes_own_type_chooses_too() -> None:
    body = orjson.dumps({"type": "stripe.event.v1", "data": {"type": "charge.failed"}})
    letter = DeadLetter.of("stripe-events", body)
    assert types_of(letter) == ("stripe.event.v1", "charge.failed")
    assert Chosen(type="charge.failed").fits(letter, NOW)
    assert Chosen(type="stripe.event.v1").fits(letter, NOW)


def test_a_replay_begins_the_attempts_anew_and_keeps_the_rest() -> None:
    letter = a_letter(routing_key="order.placed.v1", subject="shop/42")
    once = replayed(letter, "jane@desk", NOW + HOUR)
    assert (once.body, once.message_id, once.ref) == (letter.body, letter.message_id, letter.ref)
    assert {ATTEMPT, REASON, PARKED_AT}.isdisjoint(once.headers)
    assert once.headers[REPLAYED_BY] == "jane@desk"
    assert once.headers[REPLAYED_AT] == (NOW + HOUR).isoformat()
    assert once.headers[SUBJECT] == "shop/42"
    assert once.first_seen == NOW
    assert [each.replays for each in (letter, once, replayed(once, "jane@desk", NOW))] == [0, 1, 2]


def test_an_edited_letter_lies_where_it_lay_for_the_same_reason() -> None:
    letter = a_letter(subject="shop/41")
    new = edited(letter, a_body(), "jane@desk", NOW + HOUR)
    assert (new.queue, new.reason, new.parked_at, new.message_id) == ("orders", "http_503", NOW, "e42")
    assert new.subject == ORDER


def test_the_broker_parks_without_our_headers_and_an_edit_writes_them() -> None:
    deaths = [{"reason": "delivery_limit", "time": NOW}]
    letter = DeadLetter.of("orders", b"{}", message_id="e1", headers={"x-death": deaths})
    new = edited(letter, a_body(), "jane@desk", NOW + HOUR)
    assert (new.reason, new.parked_at) == ("delivery_limit", NOW)
    assert not new.parked_by_broker
    assert "x-death" not in new.headers
