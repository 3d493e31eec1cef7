"""A timer's job is done again and again, whatever befalls it."""

import asyncio
from datetime import timedelta

import pytest
from prometheus_client import CollectorRegistry

from sidecar.errors import TransientError
from sidecar.every import every
from sidecar.observability.timer_metrics import TimerMetrics

NEVER = timedelta(hours=1)
AT_ONCE = timedelta()
PATIENCE = 20


@pytest.mark.parametrize("trouble", [TransientError("broker", "timeout"), LookupError("a bug")])
async def test_a_failure_is_counted_and_the_job_is_tried_again(trouble: Exception) -> None:
    stop, registry = asyncio.Event(), CollectorRegistry()
    runs = 0

    async def job() -> None:
        nonlocal runs
        runs += 1
        if runs < 3:
            raise trouble
        stop.set()

    async with asyncio.timeout(PATIENCE):
        await every(AT_ONCE, "job", job, stop, TimerMetrics(registry))
    result = "upstream" if isinstance(trouble, TransientError) else "bug"
    assert runs == 3
    assert registry.get_sample_value("sidecar_timer_runs_total", {"timer": "job", "result": result}) == 2
    assert registry.get_sample_value("sidecar_timer_runs_total", {"timer": "job", "result": "done"}) == 1
    assert registry.get_sample_value("sidecar_timer_last_success_timestamp_seconds", {"timer": "job"})


async def test_it_begins_at_once_and_ends_in_the_middle_of_its_wait() -> None:
    stop, ran = asyncio.Event(), asyncio.Event()

    async def job() -> None:
        ran.set()

    async with asyncio.timeout(PATIENCE), asyncio.TaskGroup() as tasks:
        tasks.create_task(every(NEVER, "job", job, stop))
        await ran.wait()
        stop.set()


async def test_a_job_in_hand_can_be_cancelled() -> None:
    begun = asyncio.Event()

    async def job() -> None:
        begun.set()
        await asyncio.Event().wait()

    running = asyncio.create_task(every(AT_ONCE, "job", job, asyncio.Event()))
    async with asyncio.timeout(PATIENCE):
        await begun.wait()
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running


async def test_a_job_that_is_told_to_stop_before_it_began_does_nothing() -> None:
    stop = asyncio.Event()
    stop.set()
    runs: list[int] = []

    async def job() -> None:
        runs.append(1)

    await every(AT_ONCE, "job", job, stop)
    assert runs == []
