"""`sidecar prune`: forget what is old enough."""

from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from sidecar.cli.command import ConfigOption, JsonOption, fail, print_json, run_async, settings_or_fail
from sidecar.cli.console import err, out
from sidecar.cli.span import span_of

if TYPE_CHECKING:
    from sidecar.adapters.store_sql.prune import Pruned


def prune(
    config: ConfigOption = None,
    *,
    keep: Annotated[
        str | None, typer.Option(help="What was done in so many days stays, such as 400d; by default `store.keep`.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only count.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Forget done events, done effects and the lines of timelines, as the timers do every day.

    Orders, payments, refunds and what links them stay, and so does whatever is not done or may have to be replayed.

    Example: sidecar prune --keep 400d --dry-run
    """
    from sidecar.adapters.store_sql import StoreUrlError, open_store
    from sidecar.adapters.store_sql.prune import LEAST
    from sidecar.system_clock import SystemClock

    settings = settings_or_fail(config)
    span = settings.store.keep if keep is None else span_of("--keep", keep)
    if span < LEAST:
        fail(f"--keep: {LEAST.days}d at least: Stripe may bring events of 30 days again")

    def say(table: str, count: int) -> None:
        err.print(f"{table}: {count}", highlight=False)

    async def forget() -> "Pruned | None":
        async with open_store(settings.store.url.get_secret_value(), connections=2, lock_connections=2) as store:
            return await store.prune(SystemClock().now(), span, on_progress=say, dry_run=dry_run)

    try:
        pruned = run_async(forget())
    except StoreUrlError as error:
        fail(str(error))
    if pruned is None:
        fail("another process is pruning the store: try again later")
    if as_json:
        print_json({"before": pruned.before, "rows": pruned.rows, "months": pruned.months, "dry_run": dry_run})
        return
    table = Table("Table", "Rows", box=None, header_style="bold")
    for name, count in pruned.rows.items():
        table.add_row(name, str(count))
    table.add_row("timeline", f"whole months: {', '.join(pruned.months)}" if pruned.months else "0")
    out.print(table)
    out.print(f"{'would be' if dry_run else 'is'} gone of before {pruned.before:%Y-%m-%d %H:%M} UTC")
