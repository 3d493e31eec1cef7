"""Share an account's limits with the other processes that call it."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from datetime import timedelta

from sidecar.errors import UpstreamError
from sidecar.limiter.limiter import Limiter
from sidecar.ports.clock import Clock
from sidecar.ports.store import Replicas

EVERY = timedelta(seconds=5)
MISSED_BEATS = 3
"""Who has been silent for so many beats is gone."""

_log = logging.getLogger(__name__)


@asynccontextmanager
async def sharing(
    limiter: Limiter,
    replicas: Replicas,
    *,
    group: str,
    replica: str,
    clock: Clock,
    every: timedelta = EVERY,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> AsyncIterator[None]:
    """Take this process's equal part of the limits, for as long as the block runs.

    The part is known before the block is entered. While the store is away the last known number of processes holds.

    Args:
        limiter: whose rates are shared.
        replicas: who else is alive.
        group: what is shared, for example `stripe:main/live`.
        replica: this process's own name, different from every other's.
        clock: the time that the beats carry.
        every: between two beats.
        sleep: waits so many seconds.
    """

    async def beat() -> None:
        try:
            limiter.share(await replicas.beat(group, replica, clock.now(), MISSED_BEATS * every))
        except UpstreamError as error:
            _log.warning("cannot ask how many share %s: %s", group, error)

    async def keep_beating() -> None:
        while True:
            await sleep(every.total_seconds())
            await beat()

    await beat()
    beats = asyncio.create_task(keep_beating(), name=f"share {group}")
    try:
        yield
    finally:
        beats.cancel()
        with suppress(asyncio.CancelledError):
            await beats
        with suppress(UpstreamError):
            await replicas.leave(group, replica)
