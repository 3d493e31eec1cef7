"""The policy, at handed-in times."""

from bisect import bisect_left
from collections import Counter
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sidecar.limiter.limits import Limits
from sidecar.limiter.priority import Priority
from sidecar.limiter.schedule import BULK_SHARE, Schedule

A, B = "POST /v1/payment_intents", "GET /v1/charges/{id}"
HALT = 1e-6


def limits(per_second: float = 100, endpoint: float = 25, concurrency: int = 10_000, tolerance: float = 0.05) -> Limits:
    return Limits(per_second, endpoint, concurrency=concurrency, tolerance=tolerance)


def drain(schedule: Schedule, now: float, until: float = 1e9, late: float = 0.0) -> list[tuple[float, str]]:
    """Let everything that waits go, waking `late` after each time that the schedule names."""
    gone: list[tuple[float, str]] = []
    while now < until:
        for ticket in schedule.admit(now):
            gone.append((now, ticket.endpoint))
            schedule.hand_back(ticket)
        wake_at = schedule.wake_at(now)
        if wake_at is None:
            return gone
        now = max(now, wake_at) + late
    return gone


def most_within(times: list[float], span: float) -> int:
    """The most calls in any half-open span."""
    return max((bisect_left(times, first + span) - place for place, first in enumerate(times)), default=0)


@given(
    rate=st.floats(0.5, 500),
    tolerance=st.floats(0, 0.5),
    gaps=st.lists(st.floats(0, 0.2), min_size=1, max_size=150),
    span=st.floats(0.01, 5),
)
def test_no_span_holds_more_than_rate_and_burst(rate: float, tolerance: float, gaps: list[float], span: float) -> None:
    schedule = Schedule(limits(rate, 10_000, tolerance=tolerance))
    now, times = 0.0, []
    for gap in gaps:
        now += gap
        schedule.offer(A)
        for ticket in schedule.admit(now):
            times.append(now)
            schedule.hand_back(ticket)
    used = rate * Limits(rate, rate).headroom
    assert most_within(times, span) <= used * (span + tolerance) + 1 + 1e-6
    assert most_within(times, 1.0) <= max(1, rate)


@given(calls=st.lists(st.sampled_from([A, B, "c", "d", "e", "f"]), max_size=200), late=st.floats(0, 0.02))
def test_no_limit_is_passed_in_any_second_and_everybody_gets_through(calls: list[str], late: float) -> None:
    schedule = Schedule(limits())
    for endpoint in calls:
        schedule.offer(endpoint)
    gone = drain(schedule, 0.0, late=late)
    assert Counter(endpoint for _, endpoint in gone) == Counter(calls)
    assert most_within([at for at, _ in gone], 1.0) <= 100
    for endpoint in set(calls):
        assert most_within([at for at, where in gone if where == endpoint], 1.0) <= 25


@pytest.mark.parametrize("late", [0.0, 0.001, 0.005])
def test_a_burst_of_orders_drains_at_nearly_the_rate_that_is_allowed(late: float) -> None:
    schedule = Schedule(limits())
    for _ in range(2000):
        schedule.offer(A)
    gone = drain(schedule, 0.0, late=late)
    rate = (len(gone) - 1) / (gone[-1][0] - gone[0][0])
    assert 0.97 * 25 <= rate <= 25
    assert most_within([at for at, _ in gone], 1.0) <= 25


def test_calls_to_one_endpoint_go_in_their_order() -> None:
    schedule = Schedule(limits())
    tickets = [schedule.offer(A) for _ in range(20)]
    gone = []
    now: float | None = 0.0
    while now is not None:
        gone += schedule.admit(now)
        now = schedule.wake_at(now)
    assert gone == tickets


def test_an_endpoint_that_has_to_wait_holds_up_no_other() -> None:
    schedule = Schedule(limits())
    for _ in range(100):
        schedule.offer(A)
    other = schedule.offer(B)
    gone = drain(schedule, 0.0, until=0.1)
    assert other.departure is not None
    assert B in [where for _, where in gone[:4]]


@given(st.lists(st.tuples(st.sampled_from([A, B, "c", "d"]), st.sampled_from(Priority)), max_size=120))
def test_nobody_starves(calls: list[tuple[str, Priority]]) -> None:
    schedule = Schedule(limits())
    tickets = [schedule.offer(endpoint, priority) for endpoint, priority in calls]
    assert len(drain(schedule, 0.0)) == len(tickets)
    assert all(ticket.departure is not None for ticket in tickets)


def test_who_waits_for_an_order_goes_before_bulk_and_bulk_gets_a_share() -> None:
    schedule = Schedule(limits())
    for _ in range(200):
        schedule.offer("GET /v1/events", Priority.BULK)
    for _ in range(200):
        schedule.offer("GET /v1/events")
    bulk, now = 0, 0.0
    kinds: list[Priority] = []
    while len(kinds) < 100:
        for ticket in schedule.admit(now):
            kinds.append(ticket.priority)
            bulk += ticket.priority is Priority.BULK
            schedule.hand_back(ticket)
        now = schedule.wake_at(now) or now
    assert kinds[: BULK_SHARE - 1] == [Priority.INTERACTIVE] * (BULK_SHARE - 1)
    assert bulk == 100 // BULK_SHARE


def test_no_more_are_under_way_than_there_are_places() -> None:
    schedule = Schedule(limits(10_000, 10_000, concurrency=2))
    tickets = [schedule.offer(A) for _ in range(3)]
    assert schedule.admit(0.0) + schedule.admit(1.0) == tickets[:2]
    assert schedule.wake_at(1.0) is None
    schedule.hand_back(tickets[0])
    assert schedule.admit(1.0) == tickets[2:]
    assert schedule.under_way == 2


def test_who_gives_up_takes_nothing_from_the_others() -> None:
    schedule = Schedule(limits())
    first, second = schedule.offer(A), schedule.offer(A)
    schedule.hand_back(first)
    assert schedule.admit(0.0) == [second]
    assert schedule.under_way == 1


def test_what_is_named_has_its_own_limit() -> None:
    schedule = Schedule(Limits(1000, 25, endpoints={B: 50}))
    assert schedule.rate(0, B) == pytest.approx(2 * schedule.rate(0, A))


def rates(schedule: Schedule, now: float) -> tuple[float, float, float]:
    return schedule.rate(now), schedule.rate(now, A), schedule.rate(now, B)


@pytest.mark.parametrize(
    ("reason", "shrunk"),
    [
        ("global-rate", (True, False, False)),
        ("endpoint-rate", (False, True, False)),
        (None, (True, True, False)),
        ("a-reason-of-tomorrow", (True, True, False)),
        ("resource-specific", (False, False, False)),
        ("global-concurrency", (False, False, False)),
    ],
)
def test_the_limit_that_was_met_gives_way(reason: str | None, shrunk: tuple[bool, bool, bool]) -> None:
    schedule = Schedule(limits())
    before = rates(schedule, 0.0)
    schedule.throttled(A, reason, None, 0.0)
    after = rates(schedule, 0.0)
    assert tuple(new < old for new, old in zip(after, before, strict=True)) == shrunk


@pytest.mark.parametrize("reason", ["global-concurrency", "endpoint-concurrency"])
def test_fewer_are_under_way_when_there_were_too_many_and_more_again_later(reason: str) -> None:
    schedule = Schedule(limits(1e6, 1e6, concurrency=10))
    schedule.throttled(A, reason, None, 0.0)
    for _ in range(20):
        schedule.offer(A)
    now, first = 0.0, 0
    for _ in range(50):
        first += len(schedule.admit(now))
        now += 0.001
    assert first == 5
    assert schedule.wake_at(now) == pytest.approx(now + 1)
    later = 0
    for _ in range(50):
        now += 1
        later += len(schedule.admit(now)) + len(schedule.admit(now + 0.01))
    assert first + later == 10


@settings(max_examples=50)
@given(times=st.lists(st.floats(0, 30), min_size=1, max_size=60))
def test_it_gives_way_by_factors_down_to_a_floor_and_comes_back_whole(times: list[float]) -> None:
    schedule = Schedule(limits())
    full = schedule.rate(0.0, A)
    last = 0.0
    for now in sorted(times):
        before = schedule.rate(now, A)
        schedule.throttled(A, "endpoint-rate", None, now)
        after = schedule.rate(now, A)
        assert after in [before, *map(pytest.approx, (full * 0.98, before * 0.75, full * 0.1))]
        last = now
    assert schedule.rate(last + 22, A) == pytest.approx(full)


def test_complaints_of_one_moment_are_one_complaint() -> None:
    schedule = Schedule(limits())
    full = schedule.rate(0.0, A)
    for _ in range(30):
        schedule.throttled(A, "endpoint-rate", None, 10.0)
    assert schedule.rate(10.0, A) == pytest.approx(full * 0.98)
    assert full * 0.98 < schedule.rate(11.2, A) < full
    schedule.throttled(A, "endpoint-rate", None, 11.2)
    assert schedule.rate(11.2, A) < full * 0.75
    assert schedule.rate(30.0, A) == pytest.approx(full)


def test_it_finds_a_limit_that_is_lower_than_it_was_told() -> None:
    """Stripe may reduce an account's limits: most of what is left is used, and few calls are refused."""
    schedule = Schedule(limits())
    allowed, now, refused, passed = 10, 0.0, 0, [-1.0]
    for _ in range(1500):
        schedule.offer(A)
    while now < 60:
        for ticket in schedule.admit(now):
            if sum(at > now - 1 for at in passed[-allowed:]) >= allowed:
                refused += 1
                schedule.throttled(A, "endpoint-rate", None, now)
            else:
                passed.append(now)
            schedule.hand_back(ticket)
        now = schedule.wake_at(now) or 60
    assert len(passed) > 0.7 * allowed * 60
    assert refused < 0.15 * len(passed)


def test_after_a_complaint_there_is_a_pause() -> None:
    schedule = Schedule(limits())
    schedule.offer(A)
    schedule.throttled(A, "endpoint-rate", None, 5.0)
    assert schedule.admit(5.09) == []
    assert len(schedule.admit(5.1 + HALT)) == 1


def test_nothing_goes_before_the_time_that_was_named() -> None:
    schedule = Schedule(limits())
    schedule.throttled(A, "endpoint-rate", timedelta(seconds=3), 0.0)
    schedule.offer(A)
    other = schedule.offer(B)
    assert schedule.admit(0.5) == [other]
    assert schedule.wake_at(0.5) == pytest.approx(3.0)
    assert len(schedule.admit(3.0 + HALT)) == 1


@given(
    sharers=st.integers(1, 40),
    phases=st.lists(st.floats(0, 2), min_size=40, max_size=40),
    per_second=st.integers(10, 100),
)
@settings(max_examples=40, deadline=None)
def test_all_replicas_together_stay_under_the_limit(sharers: int, phases: list[float], per_second: int) -> None:
    """However their times fall together, as long as each may call at least once a second."""
    times: list[float] = []
    for phase in phases[:sharers]:
        schedule = Schedule(limits(per_second, 10_000))
        schedule.share(sharers)
        for _ in range(3 * per_second // sharers + 3):
            schedule.offer(A)
        times += [at for at, _ in drain(schedule, phase)]
    allowed = max(per_second, sharers)
    assert most_within(sorted(times), 1.0) <= allowed


def test_a_part_grows_again_when_others_leave() -> None:
    schedule = Schedule(limits())
    full = rates(schedule, 0.0)
    schedule.share(4)
    assert rates(schedule, 0.0) == pytest.approx((24.625, 5.91, 5.91))
    schedule.share(0)
    assert rates(schedule, 0.0) == full


def test_who_leaves_late_keeps_those_at_a_distance_that_follow() -> None:
    """A task that is run late sends late: the call that is one too many for that second waits for it."""
    schedule = Schedule(limits(10, 10_000, tolerance=1.0))
    tickets = [schedule.offer(A) for _ in range(11)]
    assert schedule.admit(0.0) == tickets[:10]
    for ticket in tickets[:10]:
        schedule.left(ticket, 0.3)
    assert schedule.wake_at(0.3) == pytest.approx(0.3 + 1 + Limits(10, 10).margin)


@pytest.mark.parametrize(("every", "late"), [(1, 0.006), (40, 0.04), (97, 0.12)])
def test_who_was_late_does_not_keep_those_late_that_follow(every: int, late: float) -> None:
    """A call's successor in the next second is back in its place: otherwise every pause would be lost for good."""
    schedule = Schedule(Limits(100, 25))
    for _ in range(2000):
        schedule.offer(A)
    times: list[float] = []
    now: float | None = 0.0
    while now is not None:
        for ticket in schedule.admit(now):
            times.append(now)
            schedule.hand_back(ticket)
        later = schedule.wake_at(now)
        now = later if later is None or len(times) % every else later + late
    assert (len(times) - 1) / (times[-1] - times[0]) >= 0.98 * 25
    assert most_within(times, 1.0) <= 25
