"""The policy on an event loop. Rates are high, so that no test waits; how much is admitted when is the schedule's."""

import asyncio
from itertools import count

import pytest

from sidecar.limiter.limiter import Limiter
from sidecar.limiter.limits import Limits
from sidecar.limiter.priority import Priority

A = "POST /v1/payment_intents"
FAST = Limits(per_second=100_000, endpoint_per_second=100_000, concurrency=2)
PATIENCE = 10


async def test_turns_come_and_waits_are_measured() -> None:
    waits: list[tuple[str, float]] = []
    limiter = Limiter(Limits(1000, 1000), lambda endpoint, seconds: waits.append((endpoint, seconds)))

    async def call() -> None:
        async with limiter.turn(A):
            pass

    async with asyncio.timeout(PATIENCE):
        await asyncio.gather(*(call() for _ in range(30)))
    assert [endpoint for endpoint, _ in waits] == [A] * 30
    assert min(seconds for _, seconds in waits) > 0


async def test_only_so_many_are_under_way_and_first_come_is_first_served() -> None:
    limiter = Limiter(FAST)
    under_way, most, order = 0, 0, []

    async def call(number: int) -> None:
        nonlocal under_way, most
        async with limiter.turn(A):
            order.append(number)
            under_way += 1
            most = max(most, under_way)
            await asyncio.sleep(0)
            under_way -= 1

    async with asyncio.timeout(PATIENCE):
        await asyncio.gather(*(call(number) for number in range(50)))
    assert most == 2
    assert order == list(range(50))


async def test_a_failed_call_gives_its_place_back() -> None:
    limiter = Limiter(FAST)
    async with asyncio.timeout(PATIENCE):
        for _ in range(5):
            with pytest.raises(ZeroDivisionError):
                async with limiter.turn(A):
                    raise ZeroDivisionError


async def test_who_is_cancelled_while_waiting_is_forgotten() -> None:
    limiter = Limiter(FAST)
    entered = asyncio.Event()

    async def wait() -> None:
        async with limiter.turn(A):
            entered.set()

    async with asyncio.timeout(PATIENCE):
        async with limiter.turn(A), limiter.turn(A):
            waiting = asyncio.create_task(wait())
            await asyncio.sleep(0)
            waiting.cancel()
            with pytest.raises(asyncio.CancelledError):
                await waiting
        assert not entered.is_set()
        async with limiter.turn(A), limiter.turn(A):
            pass


async def test_who_is_cancelled_just_as_the_turn_comes_gives_it_back() -> None:
    limiter = Limiter(FAST)

    async def wait() -> None:
        async with limiter.turn(A):
            pass

    async with asyncio.timeout(PATIENCE):
        first, second = limiter.turn(A), limiter.turn(A)
        await first.__aenter__()
        await second.__aenter__()
        waiting = asyncio.create_task(wait())
        await asyncio.sleep(0)
        # The turn comes with this; the task has not run yet when it is cancelled.
        await first.__aexit__(None, None, None)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        async with limiter.turn(A):
            pass
        await second.__aexit__(None, None, None)


async def test_a_complaint_slows_down_and_sharing_divides() -> None:
    limiter = Limiter(Limits(100, 25))
    full = limiter.rate(A)
    limiter.throttled(A, "endpoint-rate")
    assert limiter.rate(A) < full
    assert limiter.rate() == pytest.approx(98.5)
    limiter.share(2)
    assert limiter.rate() == pytest.approx(49.25)


async def test_bulk_waits_for_who_waits_for_an_order() -> None:
    limiter = Limiter(Limits(100_000, 100_000, concurrency=1))
    order: list[Priority] = []

    async def call(priority: Priority) -> None:
        async with limiter.turn(A, priority):
            order.append(priority)

    async with asyncio.timeout(PATIENCE):
        async with limiter.turn(A):
            calls = [asyncio.create_task(call(Priority.BULK)), asyncio.create_task(call(Priority.INTERACTIVE))]
            await asyncio.sleep(0)
        await asyncio.gather(*calls)
    assert order == [Priority.INTERACTIVE, Priority.BULK]


async def test_a_loop_that_is_busy_queueing_lets_no_burst_gather() -> None:
    seconds = count()
    limiter = Limiter(Limits(1, 1), monotonic=lambda: float(next(seconds)))
    entered = 0
    first = asyncio.Event()

    async def call() -> None:
        nonlocal entered
        async with limiter.turn(A):
            entered += 1
            first.set()
            await asyncio.Event().wait()

    calls = [asyncio.create_task(call()) for _ in range(50)]
    async with asyncio.timeout(PATIENCE):
        await first.wait()
    # Queueing them took fifty seconds by this clock, in which fifty might have gone, all at the end.
    assert entered == 1
    for each in calls:
        each.cancel()
    await asyncio.gather(*calls, return_exceptions=True)
