"""What commands have in common: options, settings, the event loop, and how they fail."""

import asyncio
from collections.abc import Coroutine
from pathlib import Path
from typing import Annotated, Any, NoReturn, TypeVar

import orjson
import typer

from sidecar import start_up
from sidecar.settings.credentials import Process
from sidecar.settings.load import SettingsError, load_settings
from sidecar.settings.settings import Settings

Result = TypeVar("Result")

ConfigOption = Annotated[
    Path | None,
    typer.Option("--config", "-c", help="Settings file (TOML); by default the one that SIDECAR_CONFIG names."),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON object, for machines.")]


def fail(message: str) -> NoReturn:
    """Say what is wrong, a line each, and exit with code 2."""
    from sidecar.cli.console import err

    for line in message.splitlines():
        err.print(f"sidecar: {line}", style="red", markup=False, highlight=False, soft_wrap=True)
    raise typer.Exit(2)


def settings_or_fail(config: Path | None, process: Process = "operator") -> Settings:
    """The settings with this process's credentials, or exit code 2 with a line for each thing that is wrong."""
    try:
        return load_settings(config, process=process)
    except SettingsError as error:
        fail(str(error))


def print_json(value: object) -> None:
    """One JSON object on standard output, in one line."""
    typer.echo(orjson.dumps(value, default=str).decode())


def run_async(work: Coroutine[Any, Any, Result], *, starts: bool = False) -> Result:
    """Run to the end; an upstream that is away is one line and exit code 2, an interrupt is code 130.

    `starts`: it says itself when its start is over (`sidecar.start_up.kept`).
    """
    from sidecar.errors import UpstreamError

    if not starts:
        start_up.over()

    try:
        import uvloop
    except ImportError:
        runner = asyncio.Runner()
    else:
        runner = asyncio.Runner(loop_factory=uvloop.new_event_loop)
    with runner:
        try:
            return runner.run(work)
        except UpstreamError as error:
            fail(str(error))
        except KeyboardInterrupt:
            raise typer.Exit(130) from None
