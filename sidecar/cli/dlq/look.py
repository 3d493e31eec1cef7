"""`sidecar dlq list`, `show` and `export`."""

from pathlib import Path
from typing import Annotated

import orjson
import typer
from rich.table import Table

from sidecar.cli.command import ConfigOption, JsonOption, print_json, settings_or_fail
from sidecar.cli.console import err, out
from sidecar.cli.dlq.desk import letter_named, letters_of, pretty, summary, utc, whole
from sidecar.cli.dlq.options import (
    AboutOption,
    LimitOption,
    NewerOption,
    OlderOption,
    QueueOption,
    ReasonOption,
    RefArgument,
    TypeOption,
    choice,
)


def list_(
    config: ConfigOption = None,
    *,
    queue: QueueOption = None,
    reason: ReasonOption = None,
    kind: TypeOption = None,
    older_than: OlderOption = None,
    newer_than: NewerOption = None,
    about: AboutOption = None,
    limit: LimitOption = None,
    as_json: JsonOption = False,
) -> None:
    """List dead letters, oldest first in each queue.

    Example: sidecar dlq list --queue orders --reason unknown_store --older-than 1h
    """
    chosen = choice(None, queue, reason, kind, older_than, newer_than, about)
    letters = letters_of(settings_or_fail(config), chosen, limit)
    if as_json:
        print_json({"letters": [summary(each) for each in letters]})
        return
    table = Table("Ref", "Queue", "Parked (UTC)", "Reason", "Type", "About", "Tries", box=None, header_style="bold")
    for each in letters:
        line = summary(each)
        told = (line[name] for name in ("reason", "type", "about", "attempts"))
        table.add_row(
            each.ref, each.queue, utc(each.parked_at), *(str(value if value is not None else "?") for value in told)
        )
    out.print(table)
    out.print(f"{len(letters)} dead letters", highlight=False)


def show(ref: RefArgument, config: ConfigOption = None, *, as_json: JsonOption = False) -> None:
    """Show a dead letter whole, with its headers and what is in it, which may be personal data.

    Example: sidecar dlq show 3f9c
    """
    letter = letter_named(settings_or_fail(config), ref)
    if as_json:
        print_json(whole(letter))
        return
    for title, values in (("Dead letter", summary(letter)), ("Headers", dict(sorted(letter.headers.items())))):
        out.print(f"[bold]{title}[/bold]")
        table = Table.grid(padding=(0, 2))
        for name, value in values.items():
            table.add_row(name, "-" if value is None else str(value))
        out.print(table)
    out.print("[bold]Message[/bold]")
    typer.echo(pretty(letter.body))


def export(
    config: ConfigOption = None,
    *,
    queue: QueueOption = None,
    reason: ReasonOption = None,
    kind: TypeOption = None,
    older_than: OlderOption = None,
    newer_than: NewerOption = None,
    about: AboutOption = None,
    limit: LimitOption = None,
    to: Annotated[Path | None, typer.Option(help="A file; standard output without it.")] = None,
) -> None:
    """Write dead letters as JSON lines, with headers and message: for a ticket, or to keep before a discard.

    A file that is made for it can be read by nobody else: messages hold personal data.

    Example: sidecar dlq export --queue orders --to parked.jsonl
    """
    chosen = choice(None, queue, reason, kind, older_than, newer_than, about)
    letters = letters_of(settings_or_fail(config), chosen, limit)
    lines = b"".join(orjson.dumps(whole(each), default=str) + b"\n" for each in letters)
    if to is None:
        typer.echo(lines.decode(), nl=False)
        return
    to.touch(mode=0o600)
    to.write_bytes(lines)
    err.print(f"{len(letters)} dead letters written to {to}", highlight=False)
