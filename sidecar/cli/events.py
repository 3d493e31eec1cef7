"""`sidecar events`: Stripe's events."""

from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer

from sidecar.audit.events import AuditReport
from sidecar.bridge.catch_up import CatchUpReport
from sidecar.cli.command import ConfigOption, JsonOption, fail, print_json, run_async, settings_or_fail
from sidecar.cli.console import err, out

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
    begin = _utc(since)

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


@app.command("audit")
def audit(
    config: ConfigOption = None,
    *,
    account: Annotated[str | None, typer.Option(help="Only this account from [stripe].")] = None,
    since: Annotated[
        datetime | None, typer.Option(help="From here on (UTC); by default the last day. Stripe keeps 30 days.")
    ] = None,
    until: Annotated[datetime | None, typer.Option(help="Up to here (UTC); by default now.")] = None,
    patience: Annotated[float, typer.Option(min=0, help="Seconds for the queues to be worked off.")] = 120,
    as_json: JsonOption = False,
) -> None:
    """Prove that every event of the time was handled, waits or is parked, or say which was not.

    Nothing is taken out of a queue; a barrier is put behind what waits there, which consumers skip. Exit code 1 if an
    event is lost: `sidecar events catch-up --since …` brings it again.

    Example: sidecar events audit --since 2026-11-20 --json
    """
    from sidecar.adapters.broker_amqp.whereabouts import AmqpWhereabouts
    from sidecar.audit.events import Audit, AuditOptions
    from sidecar.compose import open_ports
    from sidecar.discovery import all_consumers
    from sidecar.intake.long_held import EVERY as BEAT
    from sidecar.intake.long_held import LONG
    from sidecar.topology import Names

    settings = settings_or_fail(config)
    if account is not None and account not in settings.stripe:
        fail(f"--account: there is no [stripe.{account}]; there are: {', '.join(settings.stripe)}")
    slowest = max(each.timeout for each in settings.stripe.values())
    options = AuditOptions(
        patience=timedelta(seconds=patience),
        in_hand=max(slowest * 2, LONG + 2 * BEAT),
        on_its_way=settings.timers.catch_up_every * 2 + settings.timers.catch_up_overlap,
    )

    async def look() -> list[AuditReport]:
        reports = []
        async with open_ports(settings) as ports:
            where = AmqpWhereabouts(
                settings.broker.url.get_secret_value(), Names(settings.broker.prefix), ports.publisher
            )
            for ref, payments in ports.payments.items():
                if account in {None, ref.account}:
                    err.print(f"{ref}: listing events", highlight=False)
                    audited = Audit(payments, ports.store, where, ports.clock, all_consumers(), options=options)
                    begin = _utc(since) or ports.clock.now() - timedelta(days=1)
                    reports.append(await audited.run(begin, _utc(until)))
        return reports

    reports = run_async(look())
    if as_json:
        print_json({"accounts": [report.as_json() for report in reports]})
    else:
        for report in reports:
            _tell(report)
    if any(report.lost for report in reports):
        raise typer.Exit(1)


WORDS = {
    "done": "done",
    "on_the_ladder": "wait for another attempt",
    "in_the_queue": "are behind others in a queue that was not worked off in time",
    "in_hand": "have been in the hand of a process for long",
    "parked": "are parked",
    "to_come": "are so young that they may still come",
    "lost": "are LOST",
}


def _tell(report: AuditReport) -> None:
    span = f"{report.since:%Y-%m-%d %H:%M} to {report.until:%Y-%m-%d %H:%M} (UTC)"
    out.print(f"{report.account}: {report.listed} events from {span}, {report.readings} readings:", highlight=False)
    for verdict, words in WORDS.items():
        count = report.verdicts.get(verdict, 0)  # type: ignore[call-overload]  # the verdicts are the keys of WORDS
        if count:
            out.print(f"  {count} {words}", highlight=False)
    for each in report.undone:
        out.print(f"  {each.verdict}: {each.event_id}  {each.type}  {each.created:%Y-%m-%d %H:%M:%S}  for {each.queue}")


def _utc(at: datetime | None) -> datetime | None:
    return at.replace(tzinfo=UTC) if at is not None and at.tzinfo is None else at
