"""A reconciliation as a timer runs it: by one process at a time, counted and logged."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

import structlog

from schemas.ids import Instance, StripeRef
from sidecar.consumer import Consumer
from sidecar.observability.drift_metrics import DriftMetrics
from sidecar.observability.metrics import Metrics
from sidecar.ports.bundle import Ports
from sidecar.ports.magento_books import MagentoBooks
from sidecar.reconcile.each import reconcile_each

log = structlog.get_logger("sidecar.reconcile")


async def reconcile_by_the_clock(
    ports: Ports,
    books: Mapping[Instance, MagentoBooks],
    accounts: Sequence[StripeRef],
    consumers: Sequence[Consumer],
    *,
    back: timedelta,
    repair: bool,
    effects: Metrics,
    drift: DriftMetrics,
) -> int:
    """Reconcile what moved in the last `back`; returns how many orders still differ.

    Raises:
        UpstreamError: Magento, Stripe or the store cannot be read.
    """
    async with ports.store.locks.exclusive("reconcile") as alone:
        if not alone:
            return 0
        since = ports.clock.now() - back
        reports = await reconcile_each(
            ports, books, accounts, since, consumers=consumers, observer=effects, repair=repair
        )
    for report in reports:
        drift.checked.labels(report.instance).set(report.checked)
        drift.repaired.labels(report.instance).inc(sum(each.ending == "repaired" for each in report.orders))
        for invariant, count in report.by_invariant.items():
            drift.drift.labels(report.instance, invariant).set(count)
        for each in report.orders:
            says = [found.finding.says for found in each.drifts]
            tell = log.warning if each.ending in {"repaired", "asked"} else log.error
            tell("order differs", order=str(each.order), ending=each.ending, why=each.why, says=says)
    return sum(report.open for report in reports)
