"""Runs the demo and prints what became of each order."""

import asyncio
import contextlib
import statistics
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal

import httpx
from prometheus_client.parser import text_string_to_metric_families
from pydantic import SecretStr
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from schemas.ids import AccountAlias, Instance, MagentoOrderId, OrderRef, StripeRef
from schemas.money import EXPONENTS
from sidecar.adapters.broker_amqp import declare
from sidecar.adapters.store_sql import SqlStore, open_store
from sidecar.adapters.stripe.accounts import open_accounts as open_stripe
from sidecar.adapters.stripe.options import StripeAccountOptions, stripe_limits
from sidecar.cli.command import print_json
from sidecar.cli.console import err, out
from sidecar.discovery import all_consumers
from sidecar.sandbox.demo.accounts import open_accounts
from sidecar.sandbox.demo.agreement import PAID, disagreements
from sidecar.sandbox.demo.cast import Expected, Part, cast
from sidecar.sandbox.demo.customers import Synced, edit_all, register_all, synced
from sidecar.sandbox.demo.people import OrderSeen, People
from sidecar.sandbox.demo.stage import ACCOUNT, INSTANCE, STRIPE_KEY, Stage, set_stage
from sidecar.system_clock import SystemClock
from sidecar.topology import Names

PAID_BY = frozenset(("RecordCapture", "AcceptWithoutPayment"))


@dataclass(frozen=True, slots=True)
class Played:
    """One order at its end.

    Attributes:
        acted_at: when the shopper, or the merchant, did the last thing.
        paid_ms: from then until Magento had the order paid, by the sidecar's timeline; null if it was not paid.
    """

    part: Part
    order: OrderSeen
    acted_at: datetime
    paid_ms: float | None

    @property
    def became(self) -> Expected:
        """What Magento says."""
        if self.order.state in PAID and self.order.invoices:
            return "paid"
        return "failed" if self.order.status == "payment_failed" else "pending"


async def show(broker_url: str, server_url: str, *, as_json: bool, keep: bool) -> bool:
    """Play all orders; returns whether everything agreed."""
    bar = Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), console=err
    )
    with bar:
        starting = bar.add_task("starting the stand-ins and the sidecar", total=1)
        async with set_stage(broker_url, server_url) as stage, open_store(stage.store_url) as store:
            bar.update(starting, completed=1)
            played, customers = await _play(stage, store, bar)
            duplicates = await _duplicates(stage)
            mismatches = await _mismatches(stage, played, customers)
            if keep:
                bar.stop()
                _print_keep(stage)
                with contextlib.suppress(asyncio.CancelledError):
                    await asyncio.Event().wait()
    result = _result(played, customers, duplicates, mismatches)
    if as_json:
        print_json(result)
    else:
        _print(played, customers, result)
    for each in mismatches:
        err.print(f"✗ {each}", style="red", highlight=False)
    return not mismatches


async def _play(stage: Stage, store: SqlStore, bar: Progress) -> tuple[list[Played], list[Synced]]:
    parts = cast()
    task = bar.add_task("orders", total=len(parts))
    async with httpx.AsyncClient(timeout=30, trust_env=False) as http, open_accounts(stage, http) as accounts:
        people = People(stage, http)
        holders = await register_all(accounts)
        watching = asyncio.create_task(people.watch())

        async def one(number: int, part: Part) -> Played:
            await asyncio.sleep(number * 0.2)  # shoppers do not come all at once
            order_id = await people.place(part)
            acted_at = datetime.now(UTC)
            if part.act != "nothing" or part.order.held:
                acted_at = await people.act(part, order_id)
            order = await people.seen_when(order_id, lambda seen: _settled(seen, part))
            if part.refunds:
                await people.give_back(part, order_id)
                order = await people.seen_when(order_id, lambda _: True)
            bar.advance(task)
            return Played(part, order, acted_at, None)

        try:
            editing = asyncio.create_task(edit_all(accounts, holders))
            played = await asyncio.gather(*(one(number, part) for number, part in enumerate(parts)))
            await editing
        finally:
            watching.cancel()
        await accounts.agree(holders)
        customers = await synced(accounts, holders)
    # Only now: Magento may show an order paid a moment before the sidecar has written down that it is.
    timed = [replace(each, paid_ms=await _paid_ms(store, each.order.order_id, each.acted_at)) for each in played]
    return timed, customers


def _settled(seen: OrderSeen, part: Part) -> bool:
    """Whether the order has come to where this part has to end: a pending one is settled once its link is there."""
    match part.becomes:
        case "paid":
            return seen.invoices > 0
        case "failed":
            return seen.status == "payment_failed" and seen.payment_link is not None
        case "pending":
            return seen.payment_link is not None


async def _paid_ms(store: SqlStore, order_id: int, acted_at: datetime) -> float | None:
    order = OrderRef(instance=Instance(INSTANCE), order_id=MagentoOrderId(order_id))
    times = [line.at for line in await store.timeline.read(order) if line.kind in PAID_BY]
    return (times[0] - acted_at).total_seconds() * 1000 if times else None


async def _duplicates(stage: Stage) -> int:
    """How many events came more than once, as the consumers counted them."""
    async with httpx.AsyncClient(trust_env=False) as http:
        text = (await http.get(f"{stage.metrics_url}/metrics")).text
    return int(
        sum(
            sample.value
            for family in text_string_to_metric_families(text)
            if family.name == "sidecar_inbox_hits"
            for sample in family.samples
            if sample.name.endswith("_total")
        )
    )


async def _mismatches(stage: Stage, played: list[Played], customers: list[Synced]) -> list[str]:
    ref = StripeRef(account=AccountAlias(ACCOUNT), mode="test")
    options = StripeAccountOptions(ref, SecretStr(STRIPE_KEY), stripe_limits("test"), base_url=stage.stripe_url)
    async with open_stripe([options], SystemClock()) as accounts:
        found = await disagreements([each.order for each in played], accounts[ref])
    found += [f"{each.part.title}: became {each.became}" for each in played if each.became != each.part.becomes]
    found += [f"customer {each.number}, {each.title}: {what}" for each in customers for what in each.wrong]
    names = Names(stage.prefix)
    for consumer in all_consumers():
        parked = await declare.depth(stage.broker_url, names.dead_letter(consumer.queue))
        if parked:
            found.append(f"{parked} messages are parked in {consumer.queue}")
    return found


def _result(played: list[Played], customers: list[Synced], duplicates: int, mismatches: list[str]) -> dict[str, object]:
    times = sorted(each.paid_ms for each in played if each.paid_ms is not None)
    became = [each.became for each in played]
    memos = [memo for each in played for memo in each.order.creditmemos]
    return {
        "orders": len(played),
        "paid": became.count("paid"),
        "failed": became.count("failed"),
        "pending": became.count("pending"),
        "creditmemos": len(memos),
        "refunds": sum(len(memo.refunds) for memo in memos),
        "refunds_failed": sum(status == "failed" for memo in memos for status in memo.refunds.values()),
        "customers_synced": sum(not each.wrong for each in customers),
        "mismatches": len(mismatches),
        "events_duplicated": duplicates,
        "p50_ms": round(statistics.median(times), 1),
        "p99_ms": round(times[min(len(times) - 1, round(0.99 * (len(times) - 1)))], 1),
    }


def _print(played: list[Played], customers: list[Synced], result: dict[str, object]) -> None:
    table = Table(title="Orders", header_style="bold", title_justify="left")
    for heading in ("Order", "What it shows", "Magento", "PaymentIntent"):
        table.add_column(heading, overflow="fold")
    for heading in ("Amount", "Invoice", "Time to paid"):
        table.add_column(heading, justify="right", no_wrap=True)
    for each in played:
        order = each.order
        colour = {"paid": "green", "failed": "red", "pending": "yellow"}[each.became]
        table.add_row(
            order.increment_id,
            each.part.title,
            f"[{colour}]{order.status}[/{colour}]",
            (order.transaction_id or "-").removesuffix("-capture"),
            f"{_amount(order, order.grand_total)} {order.currency}",
            order.invoice or "-",
            f"{each.paid_ms:.0f} ms" if each.paid_ms is not None else "-",
        )
    out.print(table)
    out.print(_refunds(played))
    out.print(_customers(customers))
    out.print(
        f"{result['orders']} orders: {result['paid']} paid, {result['failed']} failed, {result['pending']} pending; "
        f"{result['creditmemos']} credit memos, {result['refunds']} refunds, {result['refunds_failed']} failed; "
        f"{result['customers_synced']} customers synced; {result['events_duplicated']} duplicated events; "
        f"time to paid {result['p50_ms']} ms median, {result['p99_ms']} ms p99",
        highlight=False,
    )
    if result["mismatches"]:
        out.print(f"[red]✗ Magento and Stripe disagree in {result['mismatches']} places[/red]")
    else:
        out.print("[green]✓ Magento and Stripe agree to the cent[/green]")


def _refunds(played: list[Played]) -> Table:
    table = Table(title="Money that went back", header_style="bold", title_justify="left")
    for heading in ("Order", "Made in", "Credit memo", "State", "Refund", "Status"):
        table.add_column(heading, overflow="fold")
    table.add_column("Amount", justify="right", no_wrap=True)
    for each in played:
        for given_back, memo in zip(each.part.refunds, each.order.creditmemos, strict=False):
            colour = {"refunded": "green", "open": "red"}.get(memo.state, "yellow")
            made_in = "Magento" if given_back.by == "credit memo" else "Stripe"
            table.add_row(
                each.order.increment_id,
                made_in,
                memo.increment_id,
                f"[{colour}]{memo.state}[/{colour}]",
                ", ".join(memo.refunds),
                ", ".join(memo.refunds.values()),
                f"{_amount(each.order, memo.grand_total)} {each.order.currency}",
            )
    return table


def _customers(customers: list[Synced]) -> Table:
    table = Table(title="Customers", header_style="bold", title_justify="left")
    for heading in ("Account", "What it shows", "Stripe Customer", "Name", "Phone"):
        table.add_column(heading, overflow="fold")
    for each in customers:
        (customer,) = each.seen.customers
        table.add_row(str(each.number), each.title, customer.id, customer.name, customer.phone)
    return table


def _amount(order: OrderSeen, amount: str) -> Decimal:
    """With the currency's own number of decimals."""
    return Decimal(amount).quantize(Decimal(1).scaleb(-EXPONENTS[order.currency]))


def _print_keep(stage: Stage) -> None:
    err.print(f"still running: the shop at {stage.magento_url}/order/000000001, Stripe at {stage.stripe_url},")
    err.print(f"the bridge at {stage.bridge_url}, metrics at {stage.metrics_url}/metrics")
    err.print(f"look around with SIDECAR_CONFIG={stage.config} sidecar order show main/1; end with Ctrl-C")
