"""`sidecar dlq replay` and `discard`: the same deed with many letters."""

import sys
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from sidecar.cli.command import ConfigOption, JsonOption, fail, print_json, run_async, settings_or_fail
from sidecar.cli.console import err, out
from sidecar.cli.dlq.desk import letters_of, open_desk
from sidecar.cli.dlq.options import (
    AboutOption,
    ActorOption,
    AllOption,
    DryRunOption,
    LimitOption,
    NewerOption,
    OlderOption,
    QueueOption,
    RateOption,
    ReasonOption,
    RefsArgument,
    TypeOption,
    WhyOption,
    YesOption,
    choice,
    signature,
)
from sidecar.dead_letters.chosen import Chosen
from sidecar.dead_letters.desk import Desk, OnProgress, Signature
from sidecar.dead_letters.letter import DeadLetter
from sidecar.settings.settings import Settings

Deed = Callable[[str, set[str], Signature, float, OnProgress], Awaitable[int]]
"""`Desk.replay` or `Desk.discard`."""

SAY_EVERY = 100
"""Letters between two lines of progress where there is no terminal."""


def replay(
    refs: RefsArgument = None,
    config: ConfigOption = None,
    *,
    why: WhyOption,
    queue: QueueOption = None,
    reason: ReasonOption = None,
    kind: TypeOption = None,
    older_than: OlderOption = None,
    newer_than: NewerOption = None,
    about: AboutOption = None,
    everything: AllOption = False,
    limit: LimitOption = None,
    rate: RateOption = 20,
    actor: ActorOption = None,
    dry_run: DryRunOption = False,
    yes: YesOption = False,
    as_json: JsonOption = False,
) -> None:
    """Send dead letters back to their work queue, with their attempts set back.

    What was done for a message before is in the ledger and is not done again, however long ago it was parked.

    Example: sidecar dlq replay --queue orders --reason unknown_store --why "the store is in the settings now"
    """
    chosen = choice(refs, queue, reason, kind, older_than, newer_than, about)
    signed = signature(actor, why)
    order = Order("Replay", signed, rate, limit, everything=everything, dry_run=dry_run, yes=yes, as_json=as_json)
    _carry_out(order, chosen, settings_or_fail(config), lambda desk: desk.replay)


def discard(
    refs: RefsArgument = None,
    config: ConfigOption = None,
    *,
    why: WhyOption,
    queue: QueueOption = None,
    reason: ReasonOption = None,
    kind: TypeOption = None,
    older_than: OlderOption = None,
    newer_than: NewerOption = None,
    about: AboutOption = None,
    everything: AllOption = False,
    limit: LimitOption = None,
    rate: RateOption = 100,
    actor: ActorOption = None,
    dry_run: DryRunOption = False,
    yes: YesOption = False,
    as_json: JsonOption = False,
) -> None:
    """Throw dead letters away for good: what they ask for will not be done. `sidecar dlq export` keeps a copy.

    Example: sidecar dlq discard 3f9c --why "a test order"
    """
    chosen = choice(refs, queue, reason, kind, older_than, newer_than, about)
    signed = signature(actor, why)
    order = Order("Discard", signed, rate, limit, everything=everything, dry_run=dry_run, yes=yes, as_json=as_json)
    _carry_out(order, chosen, settings_or_fail(config), lambda desk: desk.discard)


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be done, and how it is asked for.

    Attributes:
        name: the deed, as a person calls it.
        rate: letters a second at most.
        limit: letters at most.
        everything: whether nothing has to choose.
    """

    name: str
    signature: Signature
    rate: float
    limit: int | None
    everything: bool
    dry_run: bool
    yes: bool
    as_json: bool


def _carry_out(order: Order, chosen: Chosen, settings: Settings, deed: Callable[[Desk], Deed]) -> None:
    if chosen.is_everything and not order.everything:
        fail("say which: refs, a queue, a reason, a type, an age, an order, a customer; or --all")
    letters = letters_of(settings, chosen, order.limit)
    if order.dry_run or not letters:
        if order.as_json:
            print_json({"chosen": len(letters), "done": 0, "refs": [each.ref for each in letters]})
        else:
            out.print(_listed(letters), highlight=False, markup=False)
        return
    _ask(order, letters)
    refs: dict[str, set[str]] = {}
    for letter in letters:
        refs.setdefault(letter.queue, set()).add(letter.ref)

    async def work() -> int:
        done = 0
        async with open_desk(settings) as desk:
            with _progress(order, len(letters)) as advance:
                for queue, chosen_refs in refs.items():
                    done += await deed(desk)(queue, chosen_refs, order.signature, order.rate, advance)
        return done

    done = run_async(work())
    if order.as_json:
        print_json({"chosen": len(letters), "done": done})
    else:
        out.print(f"{order.name}: {done} of {len(letters)} dead letters", highlight=False)
    if done < len(letters):
        raise typer.Exit(1)


def _ask(order: Order, letters: list[DeadLetter]) -> None:
    if order.yes:
        return
    if not sys.stdin.isatty():
        fail(f"{len(letters)} dead letters are chosen: add --yes to {order.name.lower()} them, or --dry-run to look")
    err.print(_listed(letters), highlight=False, markup=False)
    typer.confirm(f"{order.name} {len(letters)} dead letters?", abort=True, err=True)


def _listed(letters: list[DeadLetter]) -> str:
    lines = [f"{each.ref}  {each.queue}  {each.reason}  {each.subject or '?'}" for each in letters]
    return "\n".join([*lines, f"{len(letters)} dead letters"])


@contextmanager
def _progress(order: Order, total: int) -> Iterator[OnProgress]:
    """A bar on a terminal, a line now and then elsewhere; on standard error either way."""
    if not err.is_terminal:
        done = 0

        def say(_: DeadLetter) -> None:
            nonlocal done
            done += 1
            if done % SAY_EVERY == 0 or done == total:
                err.print(f"{order.name}: {done} of {total}", highlight=False)

        yield say
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=err) as bar:
        task = bar.add_task(order.name, total=total)
        yield lambda _: bar.advance(task)
