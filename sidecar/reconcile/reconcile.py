"""Looks at every order that moved lately, and mends those that differ if it is asked to."""

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from schemas.ids import Instance, OrderRef
from sidecar.invariants.catalog import drifts_of, invariants
from sidecar.invariants.drift import Drift
from sidecar.reconcile.collect import Collector
from sidecar.reconcile.repair import Repair

Ending = Literal["found", "repaired", "asked", "left"]
"""`found`: nothing was done. `asked`: Magento was asked to publish the order's events again, and their consumers do the
rest. `left`: a person has to look, or it could not be done now."""


@dataclass(frozen=True, slots=True)
class Finished:
    """One order that differed, and what became of it."""

    order: OrderRef
    drifts: tuple[Drift, ...]
    ending: Ending
    why: str | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """What was looked at and what was found.

    Attributes:
        checked: how many orders.
        orders: those that differed.
    """

    instance: Instance
    since: datetime
    checked: int
    orders: tuple[Finished, ...]

    @property
    def open(self) -> int:
        """How many orders still differ."""
        return sum(each.ending != "repaired" for each in self.orders)

    @property
    def by_invariant(self) -> Mapping[str, int]:
        """How many orders that still differ break each invariant; 0 for those that nobody breaks."""
        counted = Counter(
            name
            for each in self.orders
            if each.ending != "repaired"
            for name in {drift.invariant for drift in each.drifts}
        )
        return {name: counted[name] for name in invariants()}


async def reconcile(
    collector: Collector,
    instance: Instance,
    since: datetime,
    *,
    grace: timedelta,
    repair: Repair | None = None,
    progress: Callable[[int], None] = lambda _: None,
) -> Report:
    """Check every order that moved since then.

    An order whose messages are on their way differs for a moment and is no drift: what differs is looked at again after
    `grace`, and counts if it still does.

    Args:
        progress: told how many orders were checked so far.

    Raises:
        UpstreamError: Magento, Stripe or the store cannot be read.
    """
    checked = 0
    suspects: list[OrderRef] = []
    async for view in collector.moved_since(since):
        checked += 1
        progress(checked)
        if drifts_of(view):
            suspects.append(view.order)
    if suspects and grace:
        await asyncio.sleep(grace.total_seconds())
    finished = [await _finish(collector, order, repair) for order in suspects]
    return Report(instance, since, checked, tuple(each for each in finished if each is not None))


async def _finish(collector: Collector, order: OrderRef, repair: Repair | None) -> Finished | None:
    view = await collector.of(order)
    drifts = tuple(drifts_of(view))
    if not drifts:
        return None
    if repair is None:
        return Finished(order, drifts, "found")
    remedies = {drift.finding.remedy for drift in drifts}
    if remedies == {"person"}:
        return Finished(order, drifts, "left", "a person has to look")
    why = await repair.mend(view, drifts)
    if why is None:
        left = tuple(drifts_of(await collector.of(order)))
        if not left:
            return Finished(order, drifts, "repaired")
        if "republish" in remedies:
            return Finished(order, drifts, "asked")
        drifts, why = left, "it still differs"
    return Finished(order, drifts, "left", why)
