"""Looks at what is known of dead letters, and puts it right where it does not fit what the broker counts."""

from collections.abc import Sequence
from contextlib import aclosing

import structlog

from sidecar.dead_letters.chosen import Chosen
from sidecar.dead_letters.desk import BusyError, Desk
from sidecar.observability.dead_letter_metrics import DeadLetterMetrics
from sidecar.ports.clock import Clock
from sidecar.ports.store import Store

log = structlog.get_logger("sidecar.watch")


async def look_at_dead_letters(
    desk: Desk, queues: Sequence[str], store: Store, clock: Clock, metrics: DeadLetterMetrics | None = None
) -> None:
    """Compare each queue's count with the record, read the queue if they differ, and show what is recorded.

    Counting costs nothing; a queue is only read when messages came or went that nobody told of: the broker parked one
    by itself, a consumer could not write, somebody emptied the queue by hand.

    Raises:
        TransientError: the broker or the store is away; what was shown last stays.
    """
    recorded = dict.fromkeys(queues, 0)
    for each in await store.parked.summaries():
        recorded[each.queue] = recorded.get(each.queue, 0) + each.count
    for queue in queues:
        lying = await desk.count(queue)
        if lying != recorded[queue]:
            log.info("reading dead letters", queue=queue, lying=lying, recorded=recorded[queue])
            await _read(desk, queue)
    if metrics is not None:
        metrics.show(queues, await store.parked.summaries(), clock.now())


async def _read(desk: Desk, queue: str) -> None:
    try:
        async with aclosing(desk.look(queue, Chosen())) as letters:
            async for _ in letters:
                pass
    except BusyError:
        return  # Whoever is at them puts the record right.
