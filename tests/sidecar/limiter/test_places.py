"""How many calls are under way at once, while the upstream says it is too many and after."""

import asyncio
from datetime import timedelta

import pytest

from sidecar.errors import HeldBackError
from sidecar.limiter.places import RECOVERY, Places

MOST = 8
CALL = "POST /V1/orders"


class Clock:
    def __init__(self) -> None:
        self.time = 1000.0

    def __call__(self) -> float:
        return self.time


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def places(clock: Clock) -> Places:
    return Places("magento", MOST, clock, first=MOST)


class Calls:
    """Calls that go on until they are told to end."""

    def __init__(self, places: Places) -> None:
        self._places = places
        self._go_on = asyncio.Event()
        self.tasks: list[asyncio.Task[None]] = []
        self.under_way = 0
        self.most = 0

    async def _call(self) -> None:
        async with self._places.place(CALL):
            self.under_way += 1
            self.most = max(self.most, self.under_way)
            await self._go_on.wait()
            self.under_way -= 1

    async def begin(self, count: int) -> None:
        self.tasks += [asyncio.create_task(self._call()) for _ in range(count)]
        for _ in range(5):
            await asyncio.sleep(0)

    async def end(self) -> None:
        self._go_on.set()
        async with asyncio.timeout(10):
            await asyncio.gather(*self.tasks)


async def test_no_more_than_all_places_are_taken(places: Places) -> None:
    calls = Calls(places)
    await calls.begin(50)
    assert calls.under_way == places.taken == MOST
    await calls.end()
    assert (calls.most, places.taken) == (MOST, 0)


async def test_a_complaint_halves_them_and_they_come_back_with_time(places: Places, clock: Clock) -> None:
    assert places.most == MOST
    places.complain(None)
    assert places.most == MOST // 2
    clock.time += 2
    places.complain(None)
    assert places.most == MOST // 4
    seen = []
    for _ in range(int(RECOVERY)):
        clock.time += 1
        seen.append(places.most)
    assert seen == sorted(seen)
    assert seen[-1] == MOST


async def test_complaints_of_calls_that_were_under_way_together_are_one(places: Places, clock: Clock) -> None:
    for _ in range(MOST):
        places.complain(None)
        clock.time += 0.01
    assert places.most == MOST // 2


async def test_one_place_always_stays(places: Places, clock: Clock) -> None:
    for _ in range(20):
        places.complain(None)
        clock.time += 2
    assert places.most == 1
    calls = Calls(places)
    await calls.begin(3)
    assert calls.under_way == 1
    await calls.end()
    assert calls.most == 1


async def test_calls_that_are_under_way_when_it_gives_way_are_not_disturbed(places: Places) -> None:
    calls = Calls(places)
    await calls.begin(MOST)
    places.complain(None)
    await calls.begin(1)
    assert calls.under_way == MOST
    await calls.end()


async def test_a_pause_that_was_asked_for_is_kept_and_uses_up_no_attempt(places: Places, clock: Clock) -> None:
    places.complain(timedelta(seconds=30))
    clock.time += 10
    with pytest.raises(HeldBackError) as raised:
        async with places.place(CALL):
            raise AssertionError
    assert raised.value.retry_after == timedelta(seconds=20)
    assert not raised.value.spends_attempt
    clock.time += 20
    async with places.place(CALL):
        assert places.taken == 1


async def test_a_short_pause_is_waited_out() -> None:
    places = Places("magento", MOST, first=MOST)
    places.complain(timedelta(milliseconds=80))
    async with asyncio.timeout(10), places.place(CALL):
        assert places.taken == 1


async def test_what_comes_back_with_time_wakes_who_waits() -> None:
    places = Places("magento", 2, first=2)
    places.complain(None)
    assert places.most == 1
    places._limit._fraction = 0.99  # noqa: SLF001  # as if nearly all had come back
    calls = Calls(places)
    await calls.begin(2)
    async with asyncio.timeout(10):
        while calls.under_way < 2:  # noqa: ASYNC110  # a timer lets it in
            await asyncio.sleep(0.01)
    await calls.end()


async def test_who_gives_up_waiting_leaves_the_place_to_others(places: Places) -> None:
    calls = Calls(places)
    await calls.begin(MOST + 2)
    calls.tasks[-1].cancel()
    with pytest.raises(asyncio.CancelledError):
        await calls.tasks.pop()
    await calls.end()
    assert places.taken == 0
