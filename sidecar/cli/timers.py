"""`sidecar timers`: what happens by the clock."""

import asyncio
from contextlib import AsyncExitStack
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from sidecar.cli.command import ConfigOption, run_async, settings_or_fail
from sidecar.settings.settings import Settings

if TYPE_CHECKING:
    from schemas.ids import StripeRef
    from sidecar.adapters.store_sql import SqlStore
    from sidecar.adapters.store_sql.prune import Pruned
    from sidecar.bridge.catch_up import CatchUp, CatchUpReport
    from sidecar.observability.catch_up_metrics import CatchUpMetrics
    from sidecar.observability.store_metrics import StoreMetrics
    from sidecar.ports.clock import Clock

DAILY = timedelta(days=1)
HOURLY = timedelta(hours=1)


def timers(config: ConfigOption = None) -> None:
    """Close payment windows, catch up on Stripe's events and keep the store in order, until SIGTERM.

    Two replicas do no harm: each job is done by one process at a time.

    Example: sidecar timers --config /etc/sidecar/sidecar.toml
    """
    from sidecar.cli.tracing import traced
    from sidecar.observability.logs import configure_logs

    settings = settings_or_fail(config, "timers")
    configure_logs()
    with traced(settings, "timers"):
        run_async(_timers(settings), starts=True)


async def _timers(settings: Settings) -> None:
    from prometheus_client import CollectorRegistry

    from sidecar.bridge.catch_up import CatchUp
    from sidecar.cli.signals import stop_on_signals
    from sidecar.compose import open_ports
    from sidecar.discovery import all_consumers, order_consumers
    from sidecar.every import every
    from sidecar.observability.health import health_app, serve_health
    from sidecar.observability.roles import TimersMetrics
    from sidecar.payment_window import close_payment_windows
    from sidecar.presence import present
    from sidecar.reconcile.by_the_clock import reconcile_by_the_clock
    from sidecar.start_up import kept
    from sidecar.watch.jobs import watching

    stop = stop_on_signals()
    registry = CollectorRegistry()
    measured = TimersMetrics(registry)
    metrics, caught_up = measured.timers, measured.catch_up
    options, http = settings.timers, settings.runtime
    app = health_app(registry, lambda: {"running": not stop.is_set()})
    async with (
        open_ports(settings, observer=measured.stripe, magento_observer=measured.magento) as ports,
        serve_health(app, http.http_host, http.http_port),
        present(ports.store.replicas, group="timers", replica=ports.replica, clock=ports.clock),
        AsyncExitStack() as stack,
        asyncio.TaskGroup() as tasks,
    ):
        stack.enter_context(kept())
        store, publisher, clock = ports.store, ports.publisher, ports.clock
        tasks.create_task(
            every(
                options.payment_windows_every,
                "payment-windows",
                lambda: close_payment_windows(store, publisher, clock),
                stop,
                metrics,
            )
        )
        tasks.create_task(every(DAILY, "partitions", lambda: store.maintain(clock.now()), stop, metrics))
        forget = partial(_prune, store, clock, settings.store.keep, measured.store)
        tasks.create_task(every(DAILY, "prune", forget, stop, metrics))
        reconcile = partial(
            reconcile_by_the_clock,
            ports,
            ports.books,
            list(ports.payments),
            order_consumers(),
            back=options.reconcile_since,
            repair=options.reconcile_repair,
            effects=measured.effects,
            drift=measured.drift,
        )
        tasks.create_task(every(options.reconcile_every, "reconcile", reconcile, stop, metrics))
        for ref, account in ports.payments.items():
            caught_up.start(ref)
            look_back = CatchUp(
                account, publisher, store, clock, overlap=options.catch_up_overlap, consumers=all_consumers()
            )
            look = partial(_catch_up, look_back, ref, caught_up)
            tasks.create_task(every(options.catch_up_every, f"catch-up {ref}", look, stop, metrics))
        for name, job in watching(settings, ports, measured).items():
            tasks.create_task(
                every(HOURLY if name == "certificates" else options.watch_every, name, job, stop, metrics)
            )


async def _prune(store: "SqlStore", clock: "Clock", keep: timedelta, metrics: "StoreMetrics") -> "Pruned | None":
    pruned = await store.prune(clock.now(), keep)
    if pruned is not None:
        metrics.pruned(pruned.rows)
    return pruned


async def _catch_up(look_back: "CatchUp", ref: "StripeRef", metrics: "CatchUpMetrics") -> "CatchUpReport":
    report = await look_back.run()
    metrics.show(ref, report)
    return report
