"""`sidecar healthcheck`: is the process in this container well?"""

from enum import StrEnum
from typing import Annotated

import typer

from sidecar.cli.command import ConfigOption, fail, settings_or_fail
from sidecar.cli.console import out


class Process(StrEnum):
    """The processes that serve pages about their health."""

    BRIDGE = "bridge"
    RUN = "run"
    TIMERS = "timers"


def healthcheck(
    process: Annotated[
        Process | None, typer.Argument(help="Which process; without it, whichever answers here.")
    ] = None,
    config: ConfigOption = None,
    *,
    ready: Annotated[bool, typer.Option("--ready", help="Ask whether it takes work, too.")] = False,
) -> None:
    """Ask the process that runs beside this command for its health, and exit with 1 if it is not well.

    For containers: no shell and no curl is needed. It asks at the addresses of [bridge] and [runtime].

    Example: sidecar healthcheck bridge --ready
    """
    from sidecar.observability.probe import probe

    settings = settings_or_fail(config, "healthcheck")
    bridge, runtime = settings.bridge, settings.runtime
    addresses = {Process.BRIDGE: (bridge.host, bridge.port), Process.RUN: (runtime.http_host, runtime.http_port)}
    addresses[Process.TIMERS] = addresses[Process.RUN]
    asked = dict.fromkeys(addresses.values() if process is None else [addresses[process]])
    if any(port == 0 for _, port in asked):
        fail("the port is 0, so nobody knows where to ask: set bridge.port and runtime.http_port")
    answers = [probe(host, port, "/readyz" if ready else "/healthz") for host, port in asked]
    # In a container one process runs, so that one of the two addresses is nobody's.
    told = [each for each in answers if each.reached] or answers
    out.print("; ".join(each.detail for each in told), highlight=False, markup=False)
    if not all(each.well for each in told):
        raise typer.Exit(1)
