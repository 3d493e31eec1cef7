"""How many calls at once are found out from how long their answers take."""

import pytest

from sidecar.limiter.vegas import Vegas

CALL = "POST /V1/orders"


def ask(vegas: Vegas, capacity: float, calls: int, alone: float = 0.04) -> None:
    """Keep all places busy at an upstream that serves `capacity` calls at once, each in `alone` seconds."""
    for _ in range(calls):
        at_once = vegas.limit
        vegas.note(CALL, alone * max(1.0, at_once / capacity), at_once)


@pytest.mark.parametrize("capacity", [1, 3, 8, 20, 50])
def test_it_settles_where_a_few_calls_wait(capacity: int) -> None:
    vegas = Vegas(64)
    ask(vegas, capacity, 5000)
    seen = set()
    for _ in range(500):
        ask(vegas, capacity, 1)
        seen.add(vegas.limit)
    assert capacity <= min(seen)
    assert max(seen) <= capacity + vegas.most + 1


def test_it_begins_with_few_and_never_goes_over_its_ceiling() -> None:
    vegas = Vegas(12)
    assert vegas.limit == 2
    ask(vegas, 1000, 5000)
    assert vegas.limit == 12
    assert Vegas(1).limit == 1


def test_a_ceiling_of_one_is_kept() -> None:
    vegas = Vegas(1)
    ask(vegas, 1000, 1000)
    assert vegas.limit == 1


def test_it_gives_way_when_others_want_the_upstream_and_comes_back() -> None:
    vegas = Vegas(64)
    ask(vegas, 20, 5000)
    ask(vegas, 5, 2000)
    assert vegas.limit <= 5 + vegas.most + 1
    ask(vegas, 20, 5000)
    assert vegas.limit >= 20


def test_an_upstream_that_became_slow_by_itself_is_not_given_up() -> None:
    vegas = Vegas(64)
    ask(vegas, 8, 2000)
    ask(vegas, 8, 8000, alone=0.2)
    assert 5 <= vegas.limit <= 8 + vegas.most + 1


def test_it_does_not_grow_while_nobody_needs_more() -> None:
    vegas = Vegas(64)
    for _ in range(1000):
        vegas.note(CALL, 0.04, 1)
    assert vegas.limit == 2


def test_kinds_of_calls_are_held_against_their_own_pace() -> None:
    vegas = Vegas(64)
    for number in range(5000):
        at_once, slow = vegas.limit, number % 3 == 0
        vegas.note("POST slow" if slow else "GET quick", (2.0 if slow else 0.01) * max(1.0, at_once / 8), at_once)
    assert 8 <= vegas.limit <= 8 + vegas.most + 1


def test_answers_of_no_time_are_no_queue() -> None:
    vegas = Vegas(16)
    for _ in range(1000):
        vegas.note(CALL, 0.0, vegas.limit)
    assert vegas.limit == 16
