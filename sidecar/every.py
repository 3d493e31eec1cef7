"""Does something again and again, until told to stop."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from datetime import timedelta

import structlog

from sidecar.errors import UpstreamError
from sidecar.observability.timer_metrics import TimerMetrics
from sidecar.observability.tracing import span

log = structlog.get_logger("sidecar.timers")


async def every(
    interval: timedelta,
    name: str,
    job: Callable[[], Awaitable[object]],
    stop: asyncio.Event,
    metrics: TimerMetrics | None = None,
) -> None:
    """Run `job` now and then after each `interval` (up to a tenth less, so that replicas spread), until `stop` is set.

    A job that fails is logged, counted and tried at its next time: one job's trouble must not stop the others, nor
    itself for good.
    """
    rng = random.Random()  # noqa: S311  # jitter is no secret
    while not stop.is_set():
        try:
            with span(f"timer {name}"):
                result = await job()
        except UpstreamError as error:
            log.warning("timer failed", timer=name, detail=str(error))
            _count(metrics, name, "upstream")
        except Exception:  # a bug in one job is no reason to stop the rest; it is logged in full
            log.exception("timer failed", timer=name)
            _count(metrics, name, "bug")
        else:
            log.debug("timer done", timer=name, result=str(result))
            _count(metrics, name, "done")
        try:
            async with asyncio.timeout(interval.total_seconds() * (1 - 0.1 * rng.random())):
                await stop.wait()
        except TimeoutError:
            continue


def _count(metrics: TimerMetrics | None, name: str, result: str) -> None:
    if metrics is None:
        return
    metrics.runs.labels(name, result).inc()
    if result == "done":
        metrics.last_success.labels(name).set_to_current_time()
