"""When a message is tried again."""

import random
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from sidecar.outcome import Park, Retry
from sidecar.retry import JITTER, LADDER, PATIENT, Wait, plan


def planned(attempt: int, retry: Retry | None = None, seed: int = 0) -> Wait | Park:
    return plan(retry or Retry("r"), attempt, 12, random.Random(seed))  # noqa: S311  # jitter is no secret


def test_every_attempt_climbs_and_the_top_is_kept() -> None:
    rungs = [wait.rung.name for attempt in range(1, 8) if isinstance(wait := planned(attempt), Wait)]
    assert rungs == ["1s", "10s", "1m", "10m", "1h", "1h", "1h"]


def test_the_last_attempt_parks_with_the_reason() -> None:
    assert isinstance(planned(11), Wait)
    parked = planned(12)
    assert isinstance(parked, Park)
    assert parked.reason == "r"


def test_waits_that_use_no_attempt_climb_by_themselves_and_stay_low() -> None:
    free = Retry("r", limited=False)
    waits = [plan(free, 1, 12, random.Random(0), waits) for waits in range(6)]  # noqa: S311  # jitter is no secret
    assert [wait.rung.name for wait in waits if isinstance(wait, Wait)] == ["1s", "10s", "1m", "1m", "1m", "1m"]


@given(attempt=st.integers(1, 1000), seed=st.integers())
def test_jitter_only_shortens_so_that_no_message_outlives_its_rung(attempt: int, seed: int) -> None:
    wait = planned(attempt, Retry("r", limited=False), seed)
    assert isinstance(wait, Wait)
    assert wait.rung.wait * (1 - JITTER) <= wait.wait <= wait.rung.wait
    assert wait.rung.wait <= PATIENT.wait


@given(seconds=st.integers(1, 7200))
def test_what_the_upstream_asked_for_is_honoured_as_far_as_the_ladder_goes(seconds: int) -> None:
    asked = timedelta(seconds=seconds)
    wait = planned(1, Retry("r", after=asked))
    assert isinstance(wait, Wait)
    assert wait.wait >= asked
    assert wait.rung.wait >= min(asked, LADDER[-1].wait)
