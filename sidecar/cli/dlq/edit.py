"""`sidecar dlq edit`: correct a message, and have it checked before it goes anywhere."""

import os
import shlex
import subprocess
import tempfile
from pathlib import Path
from typing import Annotated

import typer

from sidecar.cli.command import ConfigOption, JsonOption, fail, print_json, run_async, settings_or_fail
from sidecar.cli.console import out
from sidecar.cli.dlq.desk import letter_named, open_desk, pretty
from sidecar.cli.dlq.options import ActorOption, RefArgument, WhyOption, signature
from sidecar.dead_letters.correction import Assignment, CorrectionError, check, corrected
from sidecar.dead_letters.letter import DeadLetter
from sidecar.discovery import consumers_named


def edit(
    ref: RefArgument,
    config: ConfigOption = None,
    *,
    why: WhyOption,
    assignments: Annotated[
        list[str] | None, typer.Option("--set", help="path=text, or path:=json for other values.", metavar="PATH=VALUE")
    ] = None,
    removed: Annotated[list[str] | None, typer.Option("--unset", help="Take a field out.", metavar="PATH")] = None,
    from_file: Annotated[Path | None, typer.Option(help="The whole message, as JSON.")] = None,
    send: Annotated[bool, typer.Option("--replay", help="Send it back to work at once.")] = False,
    actor: ActorOption = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only check it against its contract.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Correct a dead letter. Without --set, --unset and --from-file, $EDITOR opens with the message.

    It has to keep its id and source, and must be one that its consumer can read.

    Example: sidecar dlq edit 3f9c --set data.store.store_code=de --replay --why "the store was renamed"
    """
    settings = settings_or_fail(config)
    signed = signature(actor, why)
    letter = letter_named(settings, ref)
    try:
        body = _body(letter, assignments, removed, from_file)
        check(letter, body, consumers_named((letter.queue,))[0])
    except CorrectionError as error:
        fail(str(error))
    if body == letter.body:
        fail("nothing was changed")
    if dry_run:
        _say({"ref": letter.ref, "valid": True, "edited": False}, "the message fits its contract", as_json=as_json)
        return

    async def exchange() -> DeadLetter | None:
        async with open_desk(settings) as desk:
            return await desk.edit(letter, body, signed, replay=send)

    new = run_async(exchange())
    if new is None:
        fail(f"{letter.ref} is gone: somebody dealt with it meanwhile")
    told = "and sent back to work" if send else f"and lies there as {new.ref}: `sidecar dlq replay {new.ref}` sends it"
    result = {"ref": new.ref, "valid": True, "edited": True, "replayed": send}
    _say(result, f"{letter.ref} is corrected {told}", as_json=as_json)


def _body(
    letter: DeadLetter, assignments: list[str] | None, removed: list[str] | None, from_file: Path | None
) -> bytes:
    if from_file is not None:
        if assignments or removed:
            raise CorrectionError("--from-file brings the whole message: leave --set and --unset out")
        try:
            return from_file.read_bytes()
        except OSError as error:
            raise CorrectionError(f"cannot read {from_file}: {error.strerror}") from None
    if assignments or removed:
        return corrected(letter, tuple(map(Assignment.read, assignments or ())), tuple(removed or ()))
    return _by_hand(letter)


def _by_hand(letter: DeadLetter) -> bytes:
    """What a person makes of it, in a file that nobody else may read and that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="sidecar-dlq-") as folder:
        file = Path(folder) / f"{letter.ref}.json"
        file.touch(mode=0o600)
        shown = pretty(letter.body)
        file.write_text(shown)
        editor = shlex.split(os.environ.get("VISUAL") or os.environ.get("EDITOR") or "vi")
        try:
            ended = subprocess.run([*editor, str(file)], check=False)  # noqa: S603  # the operator's own editor
        except OSError as error:
            raise CorrectionError(f"cannot start {editor[0]}: {error.strerror}; set $EDITOR") from None
        if ended.returncode != 0:
            raise CorrectionError(f"{editor[0]} ended with {ended.returncode}: nothing was changed")
        written = file.read_text()
    return letter.body if written == shown else written.encode()


def _say(result: dict[str, object], sentence: str, *, as_json: bool) -> None:
    if as_json:
        print_json(result)
    else:
        out.print(sentence, highlight=False, markup=False)
