"""Puts the commands together. A command's file is read when the command is called for, so that each starts soon."""

import logging
from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperGroup
from typing_extensions import override

from sidecar import start_up

FILES = (
    "run",
    "bridge",
    "timers",
    "migrate",
    "prune",
    "topology",
    "events",
    "order",
    "customers",
    "reconcile",
    "dlq",
    "status",
    "doctor",
    "support_bundle",
    "healthcheck",
    "sandbox",
    "demo",
)
"""In `sidecar.cli`, in the order of `--help`: each has an `app` of its own, or one function of the file's name."""


class _Commands(Mapping[str, Any]):  # of typer's own commands, whose type it does not make public
    def __init__(self) -> None:
        self._files = {file.replace("_", "-"): file for file in FILES}

    @override
    def __getitem__(self, name: str) -> Any:
        file = self._files[name]
        module = import_module(f"sidecar.cli.{file}")
        if hasattr(module, "app"):
            group = typer.main.get_group(module.app)
            group.name = name
            return group
        alone = typer.Typer(add_completion=False)
        alone.command(name)(getattr(module, file))
        return typer.main.get_command(alone)

    @override
    def __iter__(self) -> Iterator[str]:
        return iter(self._files)

    @override
    def __len__(self) -> int:
        return len(self._files)


class _Group(TyperGroup):
    def __init__(self, **attributes: Any) -> None:  # noqa: ANN401  # typer gives what it has
        super().__init__(**attributes)
        self.commands = _Commands()  # type: ignore[assignment]  # nobody adds to it


app = typer.Typer(
    name="sidecar",
    cls=_Group,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


@app.callback()
def _sidecar() -> None:
    """Takes the order that Magento placed, gets it paid with Stripe and keeps both in step."""


def main() -> None:
    """The entry point of `sidecar`."""
    start_up.begin()
    for name in ("aio_pika", "aiormq"):
        # They report each failed connection by themselves; a command says it once, in its own words.
        logging.getLogger(name).setLevel(logging.CRITICAL)
    app()
