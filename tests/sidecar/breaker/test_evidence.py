"""When calls say that an upstream is down."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sidecar.adapters.stripe.classify import DeclinedError, RateLimitedError
from sidecar.breaker.evidence import Evidence
from sidecar.breaker.outage import Verdict, verdict_on
from sidecar.breaker.policy import BreakerPolicy
from sidecar.errors import (
    NotFoundError,
    RefusedError,
    SpentKeyError,
    TransientError,
    UnauthorizedError,
    UnknownOutcomeError,
    UpstreamError,
)
from tests.fakes.payments import a_decline

POLICY = BreakerPolicy(consecutive=5, calls=20, share=0.5, window=timedelta(minutes=1), subjects=3)


def evidence(*calls: tuple[float, bool, str]) -> Evidence:
    found = Evidence(POLICY)
    for at, failed, about in calls:
        found.note(failed=failed, about=about, at=at)
    return found


def failures(count: int, *, begin: float = 0, subjects: int = 100) -> list[tuple[float, bool, str]]:
    return [(begin + nth, True, f"shop/{nth % subjects}") for nth in range(count)]


def successes(count: int, *, begin: float = 0) -> list[tuple[float, bool, str]]:
    return [(begin + nth, False, f"shop/{nth}") for nth in range(count)]


def test_so_many_failures_in_a_row_are_enough_and_one_less_is_not() -> None:
    assert evidence(*failures(5)).suffices(5)
    assert not evidence(*failures(4)).suffices(5)


def test_a_success_in_between_begins_anew() -> None:
    assert not evidence(*failures(4), (4, False, "x"), *failures(4, begin=5)).suffices(9)


def test_a_share_of_many_calls_is_enough() -> None:
    mixed = [call for pair in zip(successes(10), failures(10), strict=True) for call in reversed(pair)]
    assert evidence(*mixed).suffices(10)
    assert not evidence(*mixed[:-2]).suffices(10)  # eighteen calls are too few to judge by
    mostly_fine = [*successes(11), *failures(4, begin=11), *successes(5, begin=15)]
    assert not evidence(*mostly_fine).suffices(20)


def test_what_lies_further_back_than_the_window_does_not_count_for_the_share() -> None:
    mixed = [call for pair in zip(successes(10), failures(10), strict=True) for call in reversed(pair)]
    assert evidence(*mixed).suffices(60)
    assert not evidence(*mixed).suffices(61.5)


def test_a_row_reaches_back_an_hour_however_few_orders_come_in() -> None:
    """A shop with an order every ten minutes knows of an outage as well."""
    rarely = [(nth * 600.0, True, f"shop/{nth}") for nth in range(5)]
    assert evidence(*rarely).suffices(2400)
    assert not evidence(*rarely[:-1]).suffices(2400)
    assert not evidence(*rarely).suffices(3601)  # the first is forgotten
    assert not evidence(*rarely[:2], (700, False, "shop/9"), *rarely[2:]).suffices(2400)


def test_two_orders_are_enough_where_nothing_else_has_succeeded_for_longer_than_the_window() -> None:
    ladder = [(at, True, f"shop/{order}") for at in (0.0, 1.0, 11.0, 71.0) for order in (1, 2)]
    assert evidence(*ladder).suffices(71)
    assert not evidence(*ladder[:-2]).suffices(71)  # eleven seconds: they may both be poisoned
    alone = [call for call in ladder if call[2] == "shop/1"] * 3
    assert not evidence(*sorted(alone)).suffices(71)


def test_one_order_that_always_fails_is_no_outage() -> None:
    assert not evidence(*failures(50, subjects=1)).suffices(50)
    assert not evidence(*failures(50, subjects=2)).suffices(50)
    assert evidence(*failures(50, subjects=3)).suffices(50)


def test_what_is_judged_is_forgotten() -> None:
    known = evidence(*failures(5))
    known.forget()
    assert not known.suffices(5)


CALLS = st.lists(st.tuples(st.floats(0, 59), st.booleans(), st.sampled_from("abcdef")), max_size=60)


@given(CALLS)
def test_without_a_failure_nothing_is_down(calls: list[tuple[float, bool, str]]) -> None:
    assert not evidence(*[(at, False, about) for at, _, about in sorted(calls)]).suffices(60)


@given(CALLS)
def test_one_more_success_never_makes_it_down(calls: list[tuple[float, bool, str]]) -> None:
    calls = sorted(calls)
    if not evidence(*calls).suffices(60):
        # Only by filling up the number of calls could it: then the share of failures was high enough before.
        after = evidence(*calls, (60, False, "x")).suffices(60)
        failed = sum(call[1] for call in calls)
        assert not after or (len(calls) == POLICY.calls - 1 and failed >= POLICY.share * POLICY.calls)


@pytest.mark.parametrize(
    ("error", "verdict"),
    [
        (TransientError("stripe", "connect"), "down"),
        (UnknownOutcomeError("stripe", "timeout"), "down"),
        (UnknownOutcomeError("stripe", "connection_lost"), "down"),
        (UnknownOutcomeError("stripe", "http_500"), "down"),
        (TransientError("stripe", "http_503", retry_after=timedelta(seconds=9)), "down"),
        (UnknownOutcomeError("stripe", "unreadable_answer"), "down"),
        (TransientError("magento", "unreachable"), "down"),
        (UnknownOutcomeError("magento", "no_answer"), "down"),
        (TransientError("magento", "http_503"), "down"),
        (UnknownOutcomeError("magento", "http_502"), "down"),
        (TransientError("magento", "read_only"), "down"),
        (TransientError("store", "connection_lost"), "down"),
        (DeclinedError(a_decline(), None), "there"),
        (RefusedError("stripe", "parameter_invalid"), "there"),
        (RefusedError("magento", "http_400"), "there"),
        (NotFoundError("magento", "not_found"), "there"),
        (UnauthorizedError("magento", "http_401"), "there"),
        (UnauthorizedError("stripe", "http_403"), "there"),
        (RateLimitedError("", retry_after=None, reason="endpoint-rate"), "there"),
        (TransientError("magento", "http_429"), "there"),
        (TransientError("stripe", "idempotency_key_in_use"), "there"),
        (TransientError("stripe", "lock_timeout"), "nothing"),
        (TransientError("magento", "deadlock"), "nothing"),
        (TransientError("magento", "pool_exhausted"), "nothing"),
        (TransientError("store", "order_locked"), "nothing"),
        (SpentKeyError("stripe", "spent_key"), "nothing"),
    ],
    ids=str,
)
def test_what_each_error_says_of_its_upstream(error: UpstreamError, verdict: Verdict) -> None:
    assert verdict_on(error) == verdict
