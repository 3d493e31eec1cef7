"""Says that this process is there, for `sidecar status`."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import timedelta

import structlog

from sidecar.errors import UpstreamError
from sidecar.ports.clock import Clock
from sidecar.ports.store import Replicas

log = structlog.get_logger("sidecar.presence")

EVERY = timedelta(seconds=5)
MISSED_BEATS = 3
"""Who has been silent for so many beats is gone."""


@asynccontextmanager
async def present(
    replicas: Replicas, *, group: str, replica: str, clock: Clock, every: timedelta = EVERY
) -> AsyncIterator[None]:
    """Be one of the group for as long as the block runs. A store that is away is no reason to stop."""

    async def beat() -> None:
        try:
            await replicas.beat(group, replica, clock.now(), MISSED_BEATS * every)
        except UpstreamError as error:
            log.warning("cannot say that this process is there", group=group, detail=str(error))

    async def keep_beating() -> None:
        while True:
            await beat()
            await asyncio.sleep(every.total_seconds())

    beats = asyncio.create_task(keep_beating(), name=f"present in {group}")
    try:
        yield
    finally:
        beats.cancel()
        with suppress(asyncio.CancelledError):
            await beats
        with suppress(UpstreamError):
            await replicas.leave(group, replica)
