"""`sidecar customers`: accounts of Magento's and their customers in Stripe."""

from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.progress import Progress, TextColumn, TimeElapsedColumn

from sidecar.back_fill.back_fill import BackFillReport
from sidecar.cli.command import ConfigOption, JsonOption, fail, print_json, run_async, settings_or_fail
from sidecar.cli.console import err, out

app = typer.Typer(help="Customers of Magento and Stripe.", no_args_is_help=True)


@app.callback()
def _group() -> None:
    """Customers of Magento and Stripe."""


@app.command("sync")
def sync(
    config: ConfigOption = None,
    *,
    instance: Annotated[str | None, typer.Option(help="Only this instance, by its name in the settings.")] = None,
    since: Annotated[datetime | None, typer.Option(help="Only accounts changed since then (UTC).")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Write nothing; say what would be done.")] = False,
    restart: Annotated[bool, typer.Option("--restart", help="Begin anew, not where the last run stopped.")] = False,
    verify: Annotated[
        bool, typer.Option("--verify", help="Look at each linked customer in Stripe too, and make those it never had.")
    ] = False,
    part: Annotated[
        float, typer.Option(min=0.01, max=1.0, help="Part of Stripe's rate limit to use; the rest stays for orders.")
    ] = 0.2,
    as_json: JsonOption = False,
) -> None:
    """Bring the customers that Magento has already to Stripe: make, link and change what its events would have.

    It may be stopped at any time and goes on where it stopped. Exit code 1 if a customer could not be done.

    Example: sidecar customers sync --since 2026-01-01 --dry-run
    """
    from schemas.ids import Instance
    from sidecar.back_fill.back_fill import BackFillOptions, back_fill
    from sidecar.compose import open_ports
    from sidecar.discovery import consumers_named

    settings = settings_or_fail(config)
    if instance is not None and instance not in settings.magento:
        fail(f"--instance: there is no [magento.{instance}]; there are: {', '.join(settings.magento)}")
    chosen = [instance] if instance else [name for name in settings.magento if settings.magento[name].adapter == "rest"]
    if (instance and settings.magento[instance].adapter != "rest") or not chosen:
        fail("customers are read by REST: none of these instances has adapter = 'rest'")
    begin = since.replace(tzinfo=UTC) if since and since.tzinfo is None else since
    options = BackFillOptions(since=begin, dry_run=dry_run, restart=restart, verify=verify)
    (consumer,) = consumers_named(("customers",))
    bar = Progress(TextColumn("{task.description}"), TimeElapsedColumn(), console=err)

    async def walk() -> list[BackFillReport]:
        async with open_ports(settings, locks=16, part=part) as ports:
            with bar:
                tasks = {name: bar.add_task(name, total=None) for name in chosen}
                return [
                    await back_fill(
                        Instance(name),
                        ports,
                        consumer,
                        options,
                        on_progress=lambda report: bar.update(tasks[report.instance], description=_line(report)),
                    )
                    for name in chosen
                ]

    reports = run_async(walk())
    if as_json:
        print_json({"dry_run": dry_run, "instances": [report.as_json() for report in reports]})
    else:
        for report in reports:
            _print(report, dry_run=dry_run)
    if any(report.failures for report in reports):
        raise typer.Exit(1)


def _line(report: BackFillReport) -> str:
    done = ", ".join(f"{count} {kind}" for kind, count in sorted(report.effects.items()))
    return f"{report.instance}: {report.seen} customers, {report.unchanged} unchanged{', ' if done else ''}{done}"


def _print(report: BackFillReport, *, dry_run: bool) -> None:
    if not report.alone:
        out.print(f"{report.instance}: another process is at it at this moment")
        return
    for customer, what in report.would:
        out.print(f"{customer}: would {what}", highlight=False)
    for failure in report.failures:
        err.print(f"{failure.customer}: {failure.reason}", style="red", highlight=False, markup=False)
    went_on = f" (went on after {report.began_after})" if report.began_after else ""
    out.print(f"{_line(report)}{went_on}{'; nothing was written' if dry_run else ''}", highlight=False)


@app.command("show")
def show(
    customer: Annotated[str, typer.Argument(help="`instance/customer_id`, with Magento's number.")],
    config: ConfigOption = None,
    *,
    as_json: JsonOption = False,
) -> None:
    """Show whom an account is in Stripe, and all that has been done about it.

    Example: sidecar customers show shop/7
    """
    from schemas.ids import CustomerRef, Instance, MagentoCustomerId
    from sidecar.compose import open_ports
    from sidecar.customer_report import CustomerReport, report

    name, _, number = customer.partition("/")
    if not number.isascii() or not number.isdigit():
        fail(f"{customer!r}: give instance/customer_id, for example shop/7")
    ref = CustomerRef(instance=Instance(name), customer_id=MagentoCustomerId(int(number)))
    settings = settings_or_fail(config)

    async def collect() -> CustomerReport:
        async with open_ports(settings) as ports:
            return await report(ref, ports)

    found = run_async(collect())
    if as_json:
        print_json(found.as_json())
        return
    out.print(f"[bold]Customer {ref}[/bold]  {found.standing}", highlight=False)
    for link in found.links:
        gone = f", gone since {link.gone_at:%Y-%m-%d %H:%M}" if link.gone_at else ""
        out.print(f"  {link.stripe}  {link.customer}  website {link.website_code}{gone}", highlight=False)
    for key, state in found.open_effects:
        out.print(f"  open: {key}  {state}", highlight=False)
    for line in found.timeline:
        ids = "  ".join(f"{name}={value}" for name, value in line.detail.items() if value)
        out.print(f"  {line.at:%Y-%m-%d %H:%M:%S}  {line.summary}  {ids}", highlight=False, markup=False)
