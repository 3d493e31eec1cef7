"""Whose turn it is, for any arrivals."""

from collections import Counter, deque
from collections.abc import Sequence

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sidecar.intake.turns import SHARE, WHEEL, Ticket, Turns
from sidecar.intake.whose import NOBODY, whose
from sidecar.ports.delivery import Lane
from tests.sidecar.dead_letters.letters import a_body

WINDOW = 16


def offer(turns: Turns, store: str, count: int = 1, lane: Lane = "main", now: float = 0) -> list[Ticket]:
    return [turns.offer(store, lane, now, now) for _ in range(count)]


def work_off(turns: Turns, most: int = 10_000, now: float = 0, begun: Sequence[Ticket] = ()) -> list[Ticket]:
    """Let turn after turn come, each message done before the next."""
    order: list[Ticket] = []
    under_way = deque(begun)
    while len(order) < most:
        under_way.extend(turns.admit(now))
        if not under_way:
            break
        ticket = under_way.popleft()
        order.append(ticket)
        turns.done(ticket)
    return order


def test_one_store_alone_gets_every_place_in_the_order_of_arrival() -> None:
    turns = Turns(4)
    tickets = offer(turns, "a", 10)
    assert turns.admit(0) == tickets[:4]
    assert not turns.crowds_out("a", 4, 0)


def test_a_store_that_comes_late_is_served_at_once_however_long_the_others_queue() -> None:
    turns = Turns(4)
    offer(turns, "sale", 1000)
    offer(turns, "small")
    order = work_off(turns)
    assert [ticket.store for ticket in order].index("small") <= 4 + 1


def test_stores_share_alike_whatever_they_have() -> None:
    turns = Turns(3)
    for store, count in (("a", 300), ("b", 60), ("c", 60)):
        offer(turns, store, count)
    served = Counter(ticket.store for ticket in work_off(turns, 120))
    assert served["b"] >= 30
    assert served["c"] >= 30


def test_who_was_away_has_no_claim_to_what_others_had() -> None:
    turns = Turns(1)
    offer(turns, "a", 500)
    work_off(turns, 400)
    offer(turns, "b", 100)
    served = Counter(ticket.store for ticket in work_off(turns, 40))
    assert served["a"] >= 10  # else b would have the next 400 turns for itself


def test_a_slow_store_leaves_places_for_the_others() -> None:
    turns = Turns(8)
    offer(turns, "fast")
    (fast,) = turns.admit(0)
    turns.done(fast)
    offer(turns, "stuck", 100)
    assert len(turns.admit(0)) == int(8 * SHARE)
    offer(turns, "fast", 3)
    assert [ticket.store for ticket in turns.admit(0)] == ["fast", "fast"]


def test_what_has_waited_longest_has_its_turn_among_many_that_are_new() -> None:
    turns = Turns(1)
    for store in "abcdefghij":
        offer(turns, store, 50, now=100)
    old = turns.offer("j", "main", -5000, 100)  # it was tried before, and comes again
    assert old in work_off(turns, len(WHEEL), now=100)


def test_what_was_set_aside_gets_a_part_while_there_is_more_and_all_when_there_is_not() -> None:
    turns = Turns(1)
    offer(turns, "sale", 100, "surplus")
    offer(turns, "small", 100)
    order = work_off(turns, 80)
    assert 20 <= sum(ticket.lane == "surplus" for ticket in order) <= 45
    turns = Turns(2)
    offer(turns, "sale", 100, "surplus")
    assert len(work_off(turns)) == 100


def test_a_store_alone_is_never_set_aside() -> None:
    turns = Turns(4)
    offer(turns, "a", 1000)
    assert not turns.crowds_out("a", WINDOW, 0)


def test_a_store_may_fill_half_of_the_window_while_there_are_others() -> None:
    turns = Turns(4)
    offer(turns, "b")
    offer(turns, "a", WINDOW // 2 - 1)
    assert not turns.crowds_out("a", WINDOW, 0)
    offer(turns, "a")
    assert turns.crowds_out("a", WINDOW, 0)
    assert not turns.crowds_out("b", WINDOW, 0)
    assert not turns.crowds_out("c", WINDOW, 0)


def test_others_count_for_an_hour() -> None:
    turns = Turns(4)
    (other,) = offer(turns, "b")
    turns.done(other)
    offer(turns, "a", WINDOW, now=10)
    assert turns.crowds_out("a", WINDOW, 3600)
    assert not turns.crowds_out("a", WINDOW, 3700)


def test_while_its_surplus_waits_what_comes_after_it_goes_behind_it() -> None:
    turns = Turns(1)
    offer(turns, "b")
    assert not turns.crowds_out("a", WINDOW, 0)
    offer(turns, "a", 1, "surplus")
    assert turns.crowds_out("a", WINDOW, 0)
    work_off(turns)
    assert not turns.crowds_out("a", WINDOW, 0)


def test_what_belongs_to_no_store_is_never_set_aside_and_is_no_other() -> None:
    turns = Turns(2)
    offer(turns, NOBODY, 100)
    offer(turns, "a", 100)
    assert not turns.crowds_out(NOBODY, WINDOW, 0)
    assert not turns.crowds_out("a", WINDOW, 0)


def test_what_nobody_wants_any_more_takes_no_turn() -> None:
    turns = Turns(1)
    first, second, third = offer(turns, "a", 3)
    assert turns.admit(0) == [first]
    turns.done(second)
    turns.done(first)
    turns.done(first)
    assert turns.admit(0) == [third]
    assert (turns.in_hand, turns.at_work) == (1, 1)


ARRIVALS = st.lists(
    st.tuples(st.sampled_from(["a", "b", "c", NOBODY]), st.sampled_from(["main", "surplus"]), st.floats(0, 100)),
    max_size=80,
)


@settings(max_examples=200)
@given(arrivals=ARRIVALS, places=st.integers(1, 6))
def test_everyone_gets_a_turn_once_and_no_more_than_the_places_at_once(
    arrivals: list[tuple[str, Lane, float]], places: int
) -> None:
    turns = Turns(places)
    tickets = [turns.offer(store, lane, 100 - waited, 100) for store, lane, waited in arrivals]
    order: list[Ticket] = []
    under_way: deque[Ticket] = deque()
    while True:
        under_way.extend(turns.admit(100))
        assert len(under_way) == turns.at_work <= places
        if not under_way:
            break
        order.append(under_way.popleft())
        turns.done(order[-1])
    assert Counter(map(id, order)) == Counter(map(id, tickets))
    assert (turns.in_hand, turns.at_work) == (0, 0)
    for store in "abc":
        for lane in ("main", "surplus"):
            ages = [(ticket.since, ticket.number) for ticket in order if (ticket.store, ticket.lane) == (store, lane)]
            assert ages == sorted(ages)


@settings(max_examples=100)
@given(others=st.dictionaries(st.sampled_from("bcdefg"), st.integers(1, 200), max_size=6), places=st.integers(1, 8))
def test_nobody_waits_longer_for_the_length_of_anothers_queue(others: dict[str, int], places: int) -> None:
    """The first message of a store has its turn after as many as there are stores and places, times the wheel."""
    turns = Turns(places)
    for store, count in others.items():
        offer(turns, store, count)
    begun = turns.admit(0)  # they have all places already
    mine = turns.offer("a", "main", 0, 0)
    order = work_off(turns, begun=begun)
    assert order.index(mine) <= places + len(WHEEL) * (len(others) + 1)


@pytest.mark.parametrize(
    ("document", "store"),
    [
        ({"data": {"instance": "shop", "store": {"store_id": 3, "store_code": "de"}}}, "shop/3"),
        (
            {"data": {"data": {"object": {"metadata": {"magento_instance": "shop", "magento_store_id": "3"}}}}},
            "shop/3",
        ),
        ({"data": {"instance": "shop", "order_id": 1}}, NOBODY),
        ({"data": {"data": {"object": {"metadata": {}}}}, "source": "/stripe/main/test"}, NOBODY),
        ([], NOBODY),
        ("text", NOBODY),
    ],
)
def test_whose_a_message_is(document: object, store: str) -> None:
    assert whose(orjson.dumps(document)) == store


def test_whose_a_whole_message_is() -> None:
    assert whose(a_body()) == "shop/1"
    assert whose(b"{") == NOBODY
