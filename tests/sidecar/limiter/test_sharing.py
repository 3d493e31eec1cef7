import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from sidecar.errors import TransientError
from sidecar.limiter.limiter import Limiter
from sidecar.limiter.limits import Limits
from sidecar.limiter.sharing import sharing

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
GROUP = "stripe:main/live"
FULL = pytest.approx(98.5)


class StoppedClock:
    def now(self) -> datetime:
        return NOW


class Others:
    """Who else is alive, as a test says."""

    def __init__(self, alive: int) -> None:
        self.alive = alive
        self.away = False
        self.beats: list[tuple[str, str, datetime, timedelta]] = []
        self.left: list[tuple[str, str]] = []

    async def living(self, now: datetime) -> dict[str, tuple[str, ...]]:
        raise AssertionError(now)

    async def beat(self, group: str, replica: str, now: datetime, ttl: timedelta) -> int:
        self.beats.append((group, replica, now, ttl))
        if self.away:
            raise TransientError("store", "connect")
        return self.alive

    async def leave(self, group: str, replica: str) -> None:
        if self.away:
            raise TransientError("store", "connect")
        self.left.append((group, replica))


class Metronome:
    """Time that passes when a test lets it."""

    def __init__(self) -> None:
        self.slept: list[float] = []
        self._asleep = asyncio.Event()
        self._wake = asyncio.Event()

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self._asleep.set()
        await self._wake.wait()
        self._wake.clear()

    async def tick(self) -> None:
        """Let one period pass, and what it brings happen."""
        await asyncio.wait_for(self._asleep.wait(), 10)
        self._asleep.clear()
        self._wake.set()
        await asyncio.wait_for(self._asleep.wait(), 10)


async def test_a_part_is_known_at_the_start_and_follows_who_comes_and_goes() -> None:
    limiter, others, metronome = Limiter(Limits(100, 25)), Others(2), Metronome()
    async with sharing(limiter, others, group=GROUP, replica="a", clock=StoppedClock(), sleep=metronome.sleep):
        assert limiter.rate() == pytest.approx(49.25)
        others.alive = 4
        await metronome.tick()
        assert limiter.rate() == pytest.approx(24.625)
        others.alive = 1
        await metronome.tick()
        assert limiter.rate() == FULL
    assert others.beats == [(GROUP, "a", NOW, timedelta(seconds=15))] * 3
    assert others.left == [(GROUP, "a")]
    assert set(metronome.slept) == {5.0}


async def test_while_the_store_is_away_the_last_number_holds() -> None:
    limiter, others, metronome = Limiter(Limits(100, 25)), Others(2), Metronome()
    async with sharing(limiter, others, group=GROUP, replica="a", clock=StoppedClock(), sleep=metronome.sleep):
        others.away = True
        await metronome.tick()
        assert limiter.rate() == pytest.approx(49.25)
        others.away, others.alive = False, 1
        await metronome.tick()
        assert limiter.rate() == FULL
        others.away = True


async def test_a_failure_inside_still_says_goodbye() -> None:
    others = Others(1)
    with pytest.raises(ZeroDivisionError):
        async with sharing(
            Limiter(Limits(100, 25)), others, group=GROUP, replica="a", clock=StoppedClock(), sleep=Metronome().sleep
        ):
            raise ZeroDivisionError
    assert others.left == [(GROUP, "a")]
