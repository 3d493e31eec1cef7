"""`sidecar order show`: one order's story."""

from typing import Annotated

import typer
from rich.table import Table

from schemas.ids import Instance, MagentoOrderId, OrderRef
from sidecar.cli.command import ConfigOption, JsonOption, fail, print_json, run_async, settings_or_fail
from sidecar.cli.console import out
from sidecar.order_report import OrderReport

app = typer.Typer(help="Look at orders.", no_args_is_help=True)


@app.callback()
def _group() -> None:
    """Look at orders."""


@app.command("show")
def show(
    order: Annotated[str, typer.Argument(help="`instance/entity_id`, or an increment id such as 000000042.")],
    config: ConfigOption = None,
    *,
    as_json: JsonOption = False,
) -> None:
    """Show an order across Magento, Stripe and the sidecar, with all that has been done about it.

    Example: sidecar order show shop/42
    """
    from sidecar.compose import open_ports
    from sidecar.order_report import report

    settings = settings_or_fail(config)

    async def collect() -> list[OrderReport]:
        async with open_ports(settings) as ports:
            named = _named(order)
            refs = (named,) if named else await ports.store.orders.find_by_increment_id(order)
            return [await report(ref, ports) for ref in refs]

    reports = run_async(collect())
    if not reports:
        fail(f"no order {order!r} is known: give instance/entity_id, or an increment id that was placed")
    if as_json:
        print_json({"orders": [each.as_json() for each in reports]})
        return
    for each in reports:
        _print(each)


def _named(text: str) -> OrderRef | None:
    instance, slash, number = text.partition("/")
    if not slash:
        return None
    if not number.isdigit():
        fail(f"{text!r}: the part after '/' is Magento's entity_id, a number")
    return OrderRef(instance=Instance(instance), order_id=MagentoOrderId(int(number)))


def _print(each: OrderReport) -> None:
    out.print(f"\n[bold]Order {each.order}[/bold]  {each.increment_id or '(not placed as far as we know)'}")
    facts = Table.grid(padding=(0, 2))
    facts.add_row("Total", each.total or "-")
    facts.add_row("Stripe", each.account or "-")
    facts.add_row("Magento", "  ".join(f"{name}={value}" for name, value in each.magento.items() if value))
    for intent in each.intents:
        facts.add_row("PaymentIntent", f"{intent.id}  {intent.status}  {intent.received} of {intent.amount}")
    for memo in each.creditmemos:
        refused = f"  refused: {memo.refused}" if memo.refused else ""
        facts.add_row("Credit memo", f"{memo.increment_id} (id {memo.id})  {memo.total}  {memo.kind}{refused}")
    for refund in each.refunds:
        whose = f"  of credit memo id {refund.creditmemo}" if refund.creditmemo else "  without credit memo"
        note = f"  {refund.note}" if refund.note else ""
        facts.add_row("Refund", f"{refund.id}  {refund.status}  {refund.amount}{whose}{note}")
    for session, status in each.checkout_sessions:
        facts.add_row("Checkout Session", f"{session}  {status}")
    for key, state in each.open_effects:
        facts.add_row("Open effect", f"{key}  {state}")
    out.print(facts)
    story = Table("When (UTC)", "What", "Ids", box=None, header_style="bold")
    for line in each.timeline:
        ids = "  ".join(f"{name}={value}" for name, value in line.detail.items() if value)
        story.add_row(f"{line.at:%Y-%m-%d %H:%M:%S}.{line.at.microsecond // 1000:03d}", line.summary, ids)
    out.print(story)
