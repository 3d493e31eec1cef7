"""When nothing moves any more: only then are the books asked."""

import asyncio
import time
from dataclasses import dataclass

import httpx
from aiormq.exceptions import AMQPError

from tests.chaos.ending import unpublished, waiting
from tests.chaos.in_hand import in_hand
from tests.chaos.stage import Theatre
from tests.chaos.watch import StuckError, rows_of

LOOK_EVERY = 1.0
FOR = 12
"""Seconds without any movement: twice the time between two looks for events that never came."""


@dataclass(frozen=True, slots=True)
class _Look:
    """What is compared from look to look.

    Webhooks that Stripe tries again after minutes are not waited for: the look-back has brought their events by then.
    """

    waiting: int
    in_hand: int
    unpublished: int
    under_way: int
    done: tuple[int, ...]

    @property
    def still(self) -> bool:
        return not (self.waiting or self.in_hand or self.unpublished)


async def quiet(theatre: Theatre, http: httpx.AsyncClient, patience: float) -> float:
    """Wait until nothing waits and nothing was done for a while; gives the time at which it last moved.

    Raises:
        StuckError: it does not come to rest in `patience` seconds.
    """
    deadline = time.monotonic() + patience
    before, since = None, time.monotonic()
    while True:
        now = await _look(theatre, http)
        if now is None or now != before or not now.still:
            before, since = now, time.monotonic()
        if time.monotonic() - since > FOR:
            return since
        if time.monotonic() > deadline:
            raise StuckError(f"it does not come to rest: {before}")
        await asyncio.sleep(LOOK_EVERY)


async def _look(theatre: Theatre, http: httpx.AsyncClient) -> _Look | None:
    try:
        queues = await waiting(theatre.stage.broker_url)
        hands = [await in_hand(each.url, http) for each in theatre.consumers]
    except (AMQPError, OSError, httpx.HTTPError):
        return None
    deliveries = (await http.get(f"{theatre.stage.stripe_url}/_sandbox/deliveries")).json()
    counts = [
        ((count,),)
        for table in ("inbox", "effect_ledger WHERE state = 'done'", "effect_ledger", "timeline")
        for ((count,),) in [await rows_of(theatre.stage.store_url, f"SELECT COUNT(*) FROM {table}")]  # noqa: S608  # words of ours
    ]
    return _Look(
        sum(queues.values()),
        sum(number for hand in hands for number in hand.values()),
        await unpublished(theatre.stage.magento_database_url),
        deliveries["under_way"],
        tuple(count for ((count,),) in counts),
    )
