"""How many messages are taken ahead."""

from hypothesis import given
from hypothesis import strategies as st

from sidecar.intake.prefetch import Observed, PrefetchPolicy, settled

POLICY = PrefetchPolicy(places=32, most=128, most_bytes=32 * 2**20)
MEGABYTE = 2.0**20


def test_slow_work_takes_little_ahead_and_fast_work_much() -> None:
    assert [POLICY.window(seconds, 4000) for seconds in (10, 1, 0.5, 0.1, 0.01)] == [36, 64, 96, 128, 128]


def test_big_messages_are_few() -> None:
    assert POLICY.window(0.1, MEGABYTE) == 32
    assert POLICY.window(0.1, 100 * MEGABYTE) == 1


def test_at_first_a_little_is_taken() -> None:
    assert POLICY.window(0, 0) == 64


SECONDS = st.floats(0.0001, 1000)
SIZES = st.floats(1, 2.0**27)


@given(seconds=SECONDS, size=SIZES, places=st.integers(1, 500), most=st.integers(1, 2000))
def test_the_window_is_bounded_in_messages_and_bytes(seconds: float, size: float, places: int, most: int) -> None:
    policy = PrefetchPolicy(places=places, most=most, most_bytes=32 * 2**20)
    window = policy.window(seconds, size)
    assert 1 <= window <= most
    assert window == 1 or window * size <= policy.most_bytes


@given(seconds=SECONDS, longer=SECONDS, size=SIZES)
def test_slower_work_never_takes_more(seconds: float, longer: float, size: float) -> None:
    assert POLICY.window(seconds + longer, size) <= POLICY.window(seconds, size)


@given(current=st.integers(0, 2000), wanted=st.integers(0, 2000))
def test_changes_are_steps(current: int, wanted: int) -> None:
    next_one = settled(current, wanted)
    if current == 0 or wanted == 0:
        assert next_one == wanted
    else:
        assert next_one <= 2 * current
        assert min(current, wanted) <= next_one <= max(current, wanted)
        assert next_one == current or abs(next_one - current) >= 0.25 * current


def test_what_is_wanted_is_reached_nearly() -> None:
    window = 4
    for _ in range(10):
        window = settled(window, 1000)
    assert window >= 800


@given(st.lists(st.tuples(st.floats(0, 100), st.integers(0, 10**7)), min_size=1, max_size=50))
def test_what_is_observed_lies_within_what_was(notes: list[tuple[float, int]]) -> None:
    observed = Observed()
    for seconds, size in notes:
        observed.note(seconds, size)
        assert observed.size >= size  # a big message counts at once
    assert 0 <= observed.seconds <= max(seconds for seconds, _ in notes) + 1e-9
    assert observed.size <= max(size for _, size in notes)
