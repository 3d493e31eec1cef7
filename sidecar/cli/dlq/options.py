"""The options by which dead letters are chosen, and how acts are signed."""

import getpass
import socket
from typing import Annotated

import typer

from sidecar.cli.command import fail
from sidecar.cli.span import span_of
from sidecar.dead_letters.chosen import Chosen
from sidecar.dead_letters.desk import Signature
from sidecar.discovery import UnknownConsumerError, consumers_named
from sidecar.subject_text import subject_from

RefsArgument = Annotated[
    list[str] | None, typer.Argument(help="Refs, their beginnings, or ids of events.", show_default=False)
]
RefArgument = Annotated[str, typer.Argument(help="A ref, its beginning, or the id of an event.")]
QueueOption = Annotated[str | None, typer.Option("--queue", "-q", help="Only this work queue, for example `orders`.")]
ReasonOption = Annotated[str | None, typer.Option(help="Only those parked for this reason.")]
TypeOption = Annotated[
    str | None, typer.Option("--type", help="Only this contract, or this type of Stripe's events.", metavar="TYPE")
]
OlderOption = Annotated[str | None, typer.Option(help="Parked longer ago than 90s, 15m, 6h, 7d.", metavar="AGE")]
NewerOption = Annotated[str | None, typer.Option(help="Parked less long ago than that.", metavar="AGE")]
AboutOption = Annotated[
    str | None,
    typer.Option("--order", "--customer", help="Only about this one: shop/42, shop/customer/7.", metavar="WHICH"),
]
LimitOption = Annotated[int | None, typer.Option(min=1, help="At most so many.")]
AllOption = Annotated[bool, typer.Option("--all", help="All of them, where nothing else chooses.")]
DryRunOption = Annotated[bool, typer.Option("--dry-run", help="Only say which they are.")]
YesOption = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]
WhyOption = Annotated[
    str, typer.Option(help="Why you do it: it stands in the timeline, so name no person.", show_default=False)
]
ActorOption = Annotated[str | None, typer.Option(help="Who you are; by default user and host of this shell.")]
RateOption = Annotated[float, typer.Option(min=0.01, help="So many a second at most.")]


def choice(
    refs: list[str] | None,
    queue: str | None,
    reason: str | None,
    kind: str | None,
    older_than: str | None,
    newer_than: str | None,
    about: str | None,
) -> Chosen:
    """What the options choose, or exit code 2."""
    try:
        return Chosen(
            queue=consumers_named((queue,))[0].queue if queue else None,
            refs=tuple(refs or ()),
            reason=reason,
            type=kind,
            older_than=span_of("--older-than", older_than) if older_than else None,
            newer_than=span_of("--newer-than", newer_than) if newer_than else None,
            subject=subject_from(about) if about else None,
        )
    except (UnknownConsumerError, ValueError) as error:
        fail(str(error))


def signature(actor: str | None, why: str) -> Signature:
    """Who acts and why, or exit code 2."""
    if not why.strip():
        fail("--why: say it, for whoever reads the timeline")
    return Signature(actor or f"{getpass.getuser()}@{socket.gethostname()}", why.strip())
