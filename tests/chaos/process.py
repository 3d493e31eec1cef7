"""A process of the sidecar as chaos runs it: `python -m tests.chaos.process run …` is `sidecar run …`.

Everything goes through the real command line. What is different is time and, on request, one broken rule:

- the retry ladder is shorter, and so is the time for which a call may still be under way, so that a run takes minutes;
- the clock is ahead by what `CHAOS_CLOCK`'s file says, so that days can pass;
- `CHAOS_BREAKAGE` names a rule of `tests.chaos.breakages` that this process breaks.
"""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sidecar import retry

LADDER = {"1s": 1, "10s": 3, "1m": 6, "10m": 10, "1h": 15}
"""Seconds of each rung: twelve attempts take some two minutes, which no outage of ours lasts."""

UNDER_WAY = timedelta(seconds=15)
"""Of a call that nobody waits for: longer than the sidecar's patience (2 s) and our longest black hole (4 s)."""


def shorten_the_waits() -> None:
    """Before anything else is imported: the topology and the runtime read it from there."""
    rungs = tuple(retry.Rung(rung.name, timedelta(seconds=LADDER[rung.name])) for rung in retry.LADDER)
    retry.PATIENT = rungs[retry.LADDER.index(retry.PATIENT)]
    setattr(retry, "LADDER", rungs)  # noqa: B010  # of as many rungs
    from sidecar import executor

    executor.UNDER_WAY = UNDER_WAY


def set_the_clock(file: Path) -> None:
    """Let this process's clock be ahead by as many seconds as the file says, whenever it is asked."""
    from sidecar import system_clock

    def now(_self: system_clock.SystemClock) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=float(file.read_text() or 0))

    setattr(system_clock.SystemClock, "now", now)  # noqa: B010  # mypy knows that nobody should


def main() -> None:
    """Prepare, and be the sidecar."""
    shorten_the_waits()
    if clock := os.environ.get("CHAOS_CLOCK"):
        set_the_clock(Path(clock))
    if breakage := os.environ.get("CHAOS_BREAKAGE"):
        from tests.chaos.breakages import apply

        apply(breakage)
    from sidecar.cli import main as sidecar

    sidecar()


if __name__ == "__main__":
    main()
