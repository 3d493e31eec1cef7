"""`sidecar events`: Stripe's events."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from sidecar.bridge.catch_up import CatchUpReport
from sidecar.cli.console import ConfigOption, JsonOption, err, fail, out, print_json, run_async, settings_or_fail

app = typer.Typer(help="Stripe's events.", no_args_is_help=True)


@app.callback()
def _group() -> None:
    """Stripe's events."""


@app.command("catch-up")
def catch_up(
    config: ConfigOption = None,
    *,
    account: Annotated[str | None, typer.Option(help="Only this account from [stripe].")] = None,
    since: Annotated[
        datetime | None, typer.Option(help="Look back to here (UTC) instead of the cursor; Stripe keeps 30 days.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only count what was missed.")] = False,
    as_json: JsonOption = False,
) -> None:
    """List Stripe's events and feed those that are not done through the same door as webhooks.

    Example: sidecar events catch-up --since 2026-11-20 --dry-run
    """
    from sidecar.bridge.catch_up import CatchUp
    from sidecar.compose import open_ports
    from sidecar.discovery import all_consumers

    settings = settings_or_fail(config)
    if account is not None and account not in settings.stripe:
        fail(f"--account: there is no [stripe.{account}]; there are: {', '.join(settings.stripe)}")
    begin = since.replace(tzinfo=UTC) if since and since.tzinfo is None else since

    async def look_back() -> list[CatchUpReport]:
        reports = []
        async with open_ports(settings) as ports:
            for ref, payments in ports.payments.items():
                if account in {None, ref.account}:
                    err.print(f"{ref}: listing events", highlight=False)
                    overlap = settings.timers.catch_up_overlap
                    look = CatchUp(
                        payments,
                        ports.publisher,
                        ports.store,
                        ports.clock,
                        overlap=overlap,
                        consumers=all_consumers(),
                    )
                    reports.append(await look.run(begin, dry_run=dry_run))
        return reports

    reports = run_async(look_back())
    if as_json:
        print_json({"accounts": reports})
        return
    for report in reports:
        if report.skipped:
            out.print(f"{report.account}: another process is looking back at this moment")
        else:
            out.print(
                f"{report.account}: {report.listed} events since {report.since:%Y-%m-%d %H:%M}, "
                f"{report.missed} missed, {report.published} published",
                highlight=False,
            )
        if report.unreadable:
            err.print(f"{report.account}: {report.unreadable} events could not be read: the log names them")
        if report.gap:
            err.print(f"{report.account}: the cursor is older than the 30 days that Stripe keeps: events may be lost")
