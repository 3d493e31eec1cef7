"""When a message is tried again: a ladder of fixed waits, climbed with every attempt."""

import random
from dataclasses import dataclass
from datetime import timedelta

from sidecar.outcome import Park, Retry


@dataclass(frozen=True, slots=True)
class Rung:
    """One wait, and the queue that keeps messages for so long."""

    name: str
    wait: timedelta


LADDER = (
    Rung("1s", timedelta(seconds=1)),
    Rung("10s", timedelta(seconds=10)),
    Rung("1m", timedelta(minutes=1)),
    Rung("10m", timedelta(minutes=10)),
    Rung("1h", timedelta(hours=1)),
)
"""Twelve attempts take about seven and a half hours: longer than most outages, shorter than Stripe remembers keys."""

JITTER = 0.2
"""A wait is shortened by up to this share, so that what failed together does not come back together."""

PATIENT = LADDER[2]
"""The longest rung for what waits on no fault of its own: it should go on soon after the obstacle is gone."""


@dataclass(frozen=True, slots=True)
class Wait:
    """Try again after `wait`, kept by the queue of `rung`."""

    rung: Rung
    wait: timedelta


def plan(retry: Retry, attempt: int, max_attempts: int, rng: random.Random, waits: int = 0) -> Wait | Park:
    """Where a message goes after its `attempt`-th attempt (from 1) asked for a retry.

    One that has had `max_attempts` is parked, unless its attempts do not count. `waits`: how often in a row it has
    waited already without using up an attempt.
    """
    if retry.limited and attempt >= max_attempts:
        return Park(retry.reason, f"gave up after {attempt} attempts: {retry.detail}")
    rung = LADDER[min(attempt, len(LADDER)) - 1]
    if not retry.limited:
        rung = LADDER[min(waits, LADDER.index(PATIENT))]
    if retry.after is not None:
        rung = next((each for each in LADDER if each.wait >= retry.after), LADDER[-1])
        return Wait(rung, max(retry.after, rung.wait * (1 - JITTER * rng.random())))
    return Wait(rung, rung.wait * (1 - JITTER * rng.random()))
