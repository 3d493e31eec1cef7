"""Says which messages this process has had in hand for long, for the audit: the broker does not tell anybody."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import timedelta

import structlog

from sidecar.errors import UpstreamError
from sidecar.intake.dispatcher import Dispatcher
from sidecar.ports.clock import Clock
from sidecar.ports.store import Replicas
from sidecar.runtime.parse import peek

log = structlog.get_logger("sidecar.intake")

LONG = timedelta(seconds=30)
EVERY = timedelta(seconds=10)
MISSED_BEATS = 3
"""What has not been said for so many beats is in nobody's hand: its process is gone, or has settled it."""


PREFIX = "held of "


def group_of(queue: str) -> str:
    """Under which the ids of the queue's messages are kept, beside the replicas: both are known while they live."""
    return f"{PREFIX}{queue}"


@asynccontextmanager
async def told(
    dispatcher: Dispatcher,
    replicas: Replicas,
    queue: str,
    clock: Clock,
    *,
    long: timedelta = LONG,
    every: timedelta = EVERY,
) -> AsyncIterator[None]:
    """Tell so for as long as the block runs. A store that is away is no reason to stop."""

    async def tell() -> None:
        while True:
            try:
                for body in dispatcher.held(long):
                    event_id = peek(body).get("id")
                    if event_id:
                        await replicas.beat(group_of(queue), event_id, clock.now(), MISSED_BEATS * every)
            except UpstreamError as error:
                log.warning("cannot say which messages are in hand", queue=queue, detail=str(error))
            await asyncio.sleep(every.total_seconds())

    telling = asyncio.create_task(tell(), name=f"held of {queue}")
    try:
        yield
    finally:
        telling.cancel()
        with suppress(asyncio.CancelledError):
            await telling
