"""Reconciles every configured instance: what the command and the timer share."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

from schemas.ids import Instance, StripeRef
from sidecar.consumer import Consumer
from sidecar.executor import EffectObserver
from sidecar.limiter.priority import Priority, with_priority
from sidecar.ports.bundle import Ports
from sidecar.ports.magento_books import MagentoBooks
from sidecar.reconcile.collect import Collector
from sidecar.reconcile.reconcile import Report, reconcile
from sidecar.reconcile.repair import Repair

GRACE = timedelta(minutes=1)
"""How long an order may differ because its messages are on their way."""


async def reconcile_each(
    ports: Ports,
    books: Mapping[Instance, MagentoBooks],
    accounts: Sequence[StripeRef],
    since: datetime,
    *,
    consumers: Sequence[Consumer],
    observer: EffectObserver,
    repair: bool,
    grace: timedelta = GRACE,
    progress: Callable[[int], None] = lambda _: None,
) -> list[Report]:
    """One report for each instance, one after another.

    Args:
        consumers: those that decide about orders, by whose effects is mended.
        observer: told of these effects.

    Raises:
        UpstreamError: Magento, Stripe or the store cannot be read.
    """
    mend = Repair(ports, consumers, observer) if repair else None
    with with_priority(Priority.BULK):
        return [
            await reconcile(
                Collector(each, ports, accounts), instance, since, grace=grace, repair=mend, progress=progress
            )
            for instance, each in books.items()
        ]
