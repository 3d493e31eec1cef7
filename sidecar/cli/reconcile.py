"""`sidecar reconcile`: whether Magento, Stripe and the sidecar agree."""

from typing import Annotated

import typer
from rich.progress import Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from sidecar.cli.command import ConfigOption, JsonOption, print_json, run_async, settings_or_fail
from sidecar.cli.console import err, out
from sidecar.cli.span import span_of
from sidecar.reconcile.reconcile import Report

app = typer.Typer(help="Hold Magento, Stripe and the sidecar against one another.", no_args_is_help=True)

COLOURS = {"found": "yellow", "repaired": "green", "asked": "cyan", "left": "red"}


@app.callback()
def _group() -> None:
    """Hold Magento, Stripe and the sidecar against one another."""


@app.command("orders")
def orders(
    config: ConfigOption = None,
    *,
    since: Annotated[str, typer.Option(help="How far back to look for orders that moved: 90m, 12h, 7d.")] = "7d",
    repair: Annotated[bool, typer.Option("--repair/--dry-run", help="Mend what differs, or only say it.")] = False,
    grace: Annotated[str, typer.Option(help="What differs counts if it still does after so long.")] = "1m",
    as_json: JsonOption = False,
) -> None:
    """Look at each order that moved: paid here and unpaid there, refunds, amounts, payments without an order.

    What differs is mended by the effects that its messages would have led to. Exit code 1 if anything still differs.

    Example: sidecar reconcile orders --since 7d --repair
    """
    from prometheus_client import CollectorRegistry

    from sidecar.compose import open_ports
    from sidecar.discovery import order_consumers
    from sidecar.observability.metrics import Metrics
    from sidecar.reconcile.each import reconcile_each

    back, patience = span_of("--since", since), span_of("--grace", grace)
    settings = settings_or_fail(config)
    bar = Progress(TextColumn("{task.description}"), TimeElapsedColumn(), console=err)

    async def look() -> list[Report]:
        async with open_ports(settings) as ports:
            with bar:
                task = bar.add_task("orders", total=None)
                return await reconcile_each(
                    ports,
                    ports.books,
                    list(ports.payments),
                    ports.clock.now() - back,
                    consumers=order_consumers(),
                    observer=Metrics(CollectorRegistry()),
                    repair=repair,
                    grace=patience,
                    progress=lambda count: bar.update(task, description=f"{count} orders checked"),
                )

    reports = run_async(look())
    if as_json:
        print_json(_document(reports))
    else:
        _print(reports)
    if any(report.open for report in reports):
        raise typer.Exit(1)


def _document(reports: list[Report]) -> dict[str, object]:
    return {
        "checked": sum(report.checked for report in reports),
        "drift": sum(report.open for report in reports),
        "repaired": sum(each.ending == "repaired" for report in reports for each in report.orders),
        "orders": [
            {
                "order": str(each.order),
                "ending": each.ending,
                "why": each.why,
                "drifts": [
                    {"invariant": drift.invariant, "says": drift.finding.says, "remedy": drift.finding.remedy}
                    for drift in each.drifts
                ],
            }
            for report in reports
            for each in report.orders
        ],
    }


def _print(reports: list[Report]) -> None:
    if any(report.orders for report in reports):
        table = Table("Order", "What differs", "", box=None, header_style="bold")
        for report in reports:
            for each in report.orders:
                says = "\n".join(drift.finding.says for drift in each.drifts)
                ending = f"[{COLOURS[each.ending]}]{each.ending}[/]" + (f": {each.why}" if each.why else "")
                table.add_row(str(each.order), says, ending)
        out.print(table)
    for report in reports:
        drift = f"{len(report.orders)} differ, {report.open} still do" if report.orders else "all agree"
        out.print(f"{report.instance}: {report.checked} orders since {report.since:%Y-%m-%d %H:%M}: {drift}")
