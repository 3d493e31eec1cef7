"""Does something again and again, until told to stop."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from datetime import timedelta

import structlog

from sidecar.errors import UpstreamError

log = structlog.get_logger("sidecar.timers")


async def every(interval: timedelta, name: str, job: Callable[[], Awaitable[object]], stop: asyncio.Event) -> None:
    """Run `job` now and then after each `interval` (up to a tenth less, so that replicas spread), until `stop` is set.

    A job whose upstream is away is logged and tried at its next time.
    """
    rng = random.Random()  # noqa: S311  # jitter is no secret
    while not stop.is_set():
        try:
            result = await job()
        except UpstreamError as error:
            log.warning("timer failed", timer=name, detail=str(error))
        else:
            log.debug("timer done", timer=name, result=str(result))
        try:
            async with asyncio.timeout(interval.total_seconds() * (1 - 0.1 * rng.random())):
                await stop.wait()
        except TimeoutError:
            continue
