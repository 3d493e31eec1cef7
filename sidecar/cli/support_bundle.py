"""`sidecar support-bundle`: what somebody who helps from afar has to know."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from sidecar.cli.command import ConfigOption, fail, run_async, settings_or_fail
from sidecar.cli.console import err, out


def support_bundle(
    config: ConfigOption = None,
    *,
    to: Annotated[Path | None, typer.Option(help="The zip file; its name has the time unless given.")] = None,
    metrics: Annotated[
        list[str] | None,
        typer.Option(help="A process's metrics page; by default those at the addresses in the settings."),
    ] = None,
) -> None:
    """Collect versions, settings without secrets, the doctor's findings and figures into one zip file.

    Nothing of secrets, passwords, mail addresses or message bodies is in it. What cannot be reached is left out, with
    the reason in its place.

    Example: sidecar support-bundle --to bundle.zip --metrics http://10.0.0.7:9464/metrics
    """
    import zipfile

    from sidecar.compose import open_ports
    from sidecar.observability.logs import configure_logs
    from sidecar.support_bundle.collect import collect

    settings = settings_or_fail(config)
    configure_logs("critical")
    target = to or Path(f"sidecar-support-{datetime.now(UTC):%Y%m%dT%H%M%SZ}.zip")
    if target.exists():
        fail(f"{target} is there already: name another with --to")
    runtime, bridge = settings.runtime, settings.bridge
    pages = metrics or [
        f"http://{runtime.http_host}:{runtime.http_port}/metrics",
        f"http://{bridge.host}:{bridge.port}/metrics",
    ]

    async def gather() -> dict[str, str]:
        async with open_ports(settings) as ports:
            return await collect(settings, ports, pages)

    err.print("looking at every connection, which takes a while where one is away", highlight=False)
    files = run_async(gather())
    try:
        target.touch(mode=0o600)
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as bundle:
            for name, text in files.items():
                bundle.writestr(name, text)
    except OSError as error:
        fail(f"cannot write {target}: {error.strerror}")
    out.print(f"{target}: {len(files)} files; look through it before it leaves the house", highlight=False)
