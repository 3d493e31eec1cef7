"""When nothing moves any more: only then are the books asked."""

import asyncio
import time
from dataclasses import dataclass
from datetime import datetime

import httpx
from aiormq.exceptions import AMQPError

from tests.chaos.ending import newest_event, unpublished, waiting
from tests.chaos.in_hand import in_hand
from tests.chaos.stage import Theatre
from tests.chaos.watch import StuckError, rows_of

LOOK_EVERY = 1.0
FOR = 12
"""Seconds without any movement: twice the time between two looks for events that never came."""

_DONE = (
    "SELECT (SELECT COUNT(*) FROM inbox), (SELECT COUNT(*) FROM effect_ledger WHERE state = 'done'),"
    " (SELECT COUNT(*) FROM effect_ledger), (SELECT COUNT(*) FROM timeline)"
)


@dataclass(frozen=True, slots=True)
class _Look:
    """What is compared from look to look.

    Webhooks that Stripe tries again after minutes are not waited for: the look-back has brought their events by then.
    """

    waiting: int
    in_hand: int
    unpublished: int
    under_way: int
    done: tuple[int, int, int, int]
    looked_back: bool

    @property
    def still(self) -> bool:
        return self.looked_back and not (self.waiting or self.in_hand or self.unpublished)


async def quiet(theatre: Theatre, http: httpx.AsyncClient, patience: float) -> float:
    """Wait until nothing waits and nothing was done for a while; gives the time at which it last moved.

    Raises:
        StuckError: it does not come to rest, and for `patience` seconds no event and no effect was done any more.
    """
    before, since = None, time.monotonic()
    done, moved = (0, 0), time.monotonic()
    while True:
        now = await _look(theatre, http)
        if now is not None and now.done[:2] != done:
            done, moved = now.done[:2], time.monotonic()
        if now is None or now != before or not now.still:
            before, since = now, time.monotonic()
        if time.monotonic() - since > FOR:
            return since
        if time.monotonic() - moved > patience:
            raise StuckError(f"it does not come to rest: {before}")
        await asyncio.sleep(LOOK_EVERY)


async def _look(theatre: Theatre, http: httpx.AsyncClient) -> _Look | None:
    try:
        queues = await waiting(theatre.stage.broker_url)
        hands = [await in_hand(each.url, http) for each in theatre.consumers]
    except (AMQPError, OSError, httpx.HTTPError):
        return None
    deliveries = (await http.get(f"{theatre.stage.stripe_url}/_sandbox/deliveries")).json()
    ((events, effects, begun, told),) = await rows_of(theatre.stage.store_url, _DONE)
    return _Look(
        sum(queues.values()),
        sum(number for hand in hands for number in hand.values()),
        await unpublished(theatre.stage.magento_database_url),
        deliveries["under_way"],
        (events, effects, begun, told),
        await _looked_back(theatre, http),
    )


async def _looked_back(theatre: Theatre, http: httpx.AsyncClient) -> bool:
    """Whether a look-back that began after the newest event has come to its end.

    At its end, and not before, it puts its cursor to its beginning less the overlap, if that is later than the newest
    event that it has listed.
    """
    cursors = await rows_of(theatre.stage.store_url, "SELECT value FROM cursors WHERE name LIKE 'events:%%'")
    reached = [datetime.fromisoformat(value).timestamp() for (value,) in cursors]
    return bool(reached) and min(reached) > await newest_event(theatre, http)
