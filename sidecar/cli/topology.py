"""`sidecar topology`: exchanges, queues and bindings."""

from pathlib import Path
from typing import Annotated

import typer

from sidecar.cli.console import ConfigOption, JsonOption, fail, out, print_json, run_async, settings_or_fail

app = typer.Typer(help="Exchanges, queues and bindings on the broker.", no_args_is_help=True)


@app.command("apply")
def apply(config: ConfigOption = None, *, as_json: JsonOption = False) -> None:
    """Make the broker hold what this release needs. Safe to repeat.

    Example: sidecar topology apply
    """
    from sidecar.adapters.broker_amqp import declare
    from sidecar.discovery import all_consumers
    from sidecar.topology import topology_of

    settings = settings_or_fail(config)
    topology = topology_of(all_consumers(), settings.broker.prefix)
    try:
        run_async(declare.apply(settings.broker.url.get_secret_value(), topology))
    except declare.TopologyConflictError as error:
        fail(str(error))
    counts = {
        "exchanges": len(topology.exchanges),
        "queues": len(topology.queues),
        "bindings": len(topology.bindings),
    }
    if as_json:
        print_json(counts)
    else:
        out.print(", ".join(f"{count} {name}" for name, count in counts.items()))


@app.command("diff")
def diff(config: ConfigOption = None, *, as_json: JsonOption = False) -> None:
    """Show what is missing on the broker or has other arguments; exit code 1 if anything is.

    Example: sidecar topology diff
    """
    from sidecar.adapters.broker_amqp import declare
    from sidecar.discovery import all_consumers
    from sidecar.topology import topology_of

    settings = settings_or_fail(config)
    topology = topology_of(all_consumers(), settings.broker.prefix)
    found = run_async(declare.diff(settings.broker.url.get_secret_value(), topology))
    if as_json:
        print_json({"differences": [{"kind": d.kind, "name": d.name, "problem": d.problem} for d in found]})
    else:
        for each in found:
            out.print(f"{each.kind} {each.name}: {each.problem}: {each.remedy}", highlight=False)
        if not found:
            out.print("the broker holds what this release needs")
    if found:
        raise typer.Exit(1)


@app.command("export")
def export(
    vhost: Annotated[str, typer.Option(help="The virtual host that the definitions are for.")] = "/",
    prefix: Annotated[str, typer.Option(help="Put before every name, as [broker] prefix does.")] = "",
    to: Annotated[Path | None, typer.Option(help="A file; standard output without it.")] = None,
) -> None:
    """Write RabbitMQ definitions, to be imported in its management console.

    Example: sidecar topology export --to definitions.json
    """
    import orjson

    from sidecar.discovery import all_consumers
    from sidecar.topology import topology_of

    text = orjson.dumps(topology_of(all_consumers(), prefix).definitions(vhost), option=orjson.OPT_INDENT_2)
    if to is None:
        typer.echo(text.decode())
    else:
        to.write_bytes(text + b"\n")
