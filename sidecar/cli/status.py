"""`sidecar status`: what is going on."""

from datetime import datetime, timedelta

from rich.table import Table

from sidecar.cli.command import ConfigOption, JsonOption, print_json, run_async, settings_or_fail
from sidecar.cli.console import out
from sidecar.status import Status


def status(config: ConfigOption = None, *, as_json: JsonOption = False) -> None:
    """Show queues, circuits, running processes, dead letters and how far Stripe's events are looked over.

    Nothing is taken out of a queue. `sidecar doctor` says what is wrong; this says what is going on.

    Example: sidecar status --json
    """
    from sidecar.adapters.broker_amqp.count import count
    from sidecar.compose import open_ports
    from sidecar.discovery import all_consumers
    from sidecar.status import collect, queues_of
    from sidecar.topology import Names
    from sidecar.upstreams import upstreams_of

    settings = settings_or_fail(config)
    names = Names(settings.broker.prefix)
    queues = [consumer.queue for consumer in all_consumers()]

    async def look() -> Status:
        async with open_ports(settings) as ports:
            counted = await count(settings.broker.url.get_secret_value(), queues_of(queues, names))
            return await collect(
                counted=counted,
                queues=queues,
                names=names,
                circuits=list(upstreams_of(settings)),
                accounts=list(ports.payments),
                store=ports.store,
                clock=ports.clock,
            )

    found = run_async(look())
    if as_json:
        print_json(found.as_json())
    else:
        _print(found)


def _print(found: Status) -> None:
    queues = _table("Queue", "Ready", "Set aside", "Parked", "Consumers")
    for line in found.queues:
        numbers = (line.ready, line.surplus, line.parked, line.consumers)
        queues.add_row(line.queue, *("missing" if number is None else str(number) for number in numbers))
    out.print(queues)
    ladder = ", ".join(f"{count} wait {rung}" for rung, count in found.waiting.items() if count) or "nothing waits"
    out.print(f"Ladder: {ladder}. Backlog: {found.backlog}. Read by nobody yet: {found.unrouted}.\n", highlight=False)
    circuits = _table("Upstream", "Circuit", "Since (UTC)", "Why", "Asked again (UTC)")
    for each in found.circuits:
        colour = "green" if each.state == "closed" else "red"
        state = f"[{colour}]{each.state.replace('_', ' ')}[/{colour}]"
        why = "" if each.state == "closed" else each.reason
        circuits.add_row(each.circuit, state, _time(each.since), why, _time(each.retry_at))
    out.print(circuits)
    alive = ", ".join(f"{len(replicas)} of {group}" for group, replicas in found.alive.items()) or "none"
    out.print(f"\nProcesses: {alive}.", highlight=False, markup=False)
    for account, at in found.looked_back.items():
        reached = f"up to {_ago(found.at - at)} ago" if at else "not yet"
        out.print(f"Events of {account} looked over: {reached}.", highlight=False, markup=False)
    if found.parked:
        parked = _table("Parked in", "For", "How many", "The oldest since (UTC)")
        for lying in found.parked:
            parked.add_row(lying.queue, lying.reason, str(lying.count), _time(lying.oldest))
        out.print()
        out.print(parked)


def _table(*columns: str) -> Table:
    return Table(*columns, box=None, header_style="bold")


def _time(at: datetime | None) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S}" if at else ""


def _ago(age: timedelta) -> str:
    seconds = max(0, int(age.total_seconds()))
    for unit, size in (("d", 86_400), ("h", 3600), ("min", 60)):
        if seconds >= size:
            return f"{seconds // size} {unit}"
    return f"{seconds} s"
