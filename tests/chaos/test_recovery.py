"""Who recovers from what, and in what time."""

import pytest

from tests.chaos.faults import Struck
from tests.chaos.people import Settled
from tests.chaos.recovery import quantile, recovery_of

CUT = Struck("stripe_cut", "stripe", 10.0, 12.0)
KILLED = Struck("consumers_killed", "process", 13.0, 13.0)


def test_an_order_recovers_from_the_last_failure_that_it_met() -> None:
    found = recovery_of([Settled(1, 9.0, 15.0)], [CUT, KILLED])
    assert found.by_upstream == {"process": (2.0,)}
    assert found.orders == (2.0,)
    assert found.flow == {"stripe": (3.0,)}


def test_what_a_person_does_after_the_failure_counts_from_then() -> None:
    found = recovery_of([Settled(1, 11.0, 11.5), Settled(2, 11.5, 14.0)], [CUT])
    assert found.by_upstream == {"stripe": (0.0, 2.0)}


def test_who_meets_nothing_is_calm() -> None:
    found = recovery_of([Settled(1, 1.0, 2.5), Settled(2, 20.0, 21.0)], [CUT, KILLED])
    assert found.calm == (1.0, 1.5)
    assert found.orders == ()
    assert found.flow == {}


def test_the_first_of_those_who_waited_says_when_it_flows_again() -> None:
    found = recovery_of([Settled(1, 9.0, 12.5), Settled(2, 10.5, 19.0)], [CUT])
    assert found.flow == {"stripe": (0.5,)}
    assert found.by_upstream == {"stripe": (0.5, 7.0)}


@pytest.mark.parametrize(("found", "expected"), [((), None), ((3.0,), 3.0), ((1.0, 2.0, 3.0), 2.0)])
def test_a_quantile_of_few(found: tuple[float, ...], expected: float | None) -> None:
    assert quantile(found, 0.5) == expected
