"""`sidecar topology`: exchanges, queues and bindings."""

from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from sidecar.cli.command import ConfigOption, JsonOption, fail, print_json, run_async, settings_or_fail
from sidecar.cli.console import out

app = typer.Typer(help="Exchanges, queues and bindings on the broker.", no_args_is_help=True)


@app.command("apply")
def apply(config: ConfigOption = None, *, as_json: JsonOption = False) -> None:
    """Make the broker hold what this release needs. Safe to repeat, and while processes are at work.

    What is there with other arguments is named, and nothing is changed; only an empty dead-letter queue is replaced.

    Example: sidecar topology apply
    """
    from sidecar.adapters.broker_amqp import declare
    from sidecar.adapters.store_sql import open_store
    from sidecar.dead_letters.desk import alone_at
    from sidecar.discovery import all_consumers
    from sidecar.topology import topology_of

    settings = settings_or_fail(config, "topology")
    topology = topology_of(all_consumers(), settings.broker.prefix)

    async def declared() -> tuple[str, ...]:
        async with open_store(settings.store.url.get_secret_value()) as store:  # which is asked only if need be
            return await declare.apply(settings.broker.url.get_secret_value(), topology, partial(alone_at, store))

    try:
        replaced = run_async(declared())
    except declare.TopologyConflictError as error:
        fail(str(error))
    counts = {
        "exchanges": len(topology.exchanges),
        "queues": len(topology.queues),
        "bindings": len(topology.bindings),
    }
    if as_json:
        print_json(counts | {"replaced": replaced})
        return
    for name in replaced:
        out.print(f"replaced {name}, which was empty", highlight=False)
    out.print(", ".join(f"{count} {name}" for name, count in counts.items()))


@app.command("diff")
def diff(config: ConfigOption = None, *, as_json: JsonOption = False) -> None:
    """Show what is missing on the broker or has other arguments; exit code 1 if anything is.

    Example: sidecar topology diff
    """
    from sidecar.adapters.broker_amqp import declare
    from sidecar.discovery import all_consumers
    from sidecar.topology import topology_of

    settings = settings_or_fail(config, "topology")
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
    *,
    users: Annotated[
        bool,
        typer.Option("--users", help="With a user for each part of the product. An import replaces their passwords."),
    ] = False,
    passwords: Annotated[
        Path | None,
        typer.Option(
            help="A folder with a file for each user's password: module, bridge, consumers, timers, setup, watch. "
            "Only hashes are written. A user without a file cannot log in by a password."
        ),
    ] = None,
    to: Annotated[Path | None, typer.Option(help="A file; standard output without it.")] = None,
) -> None:
    """Write RabbitMQ definitions, to be imported in its management console.

    Example: sidecar topology export --users --passwords /run/secrets/broker --to definitions.json
    """
    import orjson

    from sidecar.broker_access import access_definitions, policies_of, policy_definitions, users_of
    from sidecar.discovery import all_consumers
    from sidecar.topology import topology_of

    consumers = all_consumers()
    topology = topology_of(consumers, prefix)
    definitions: dict[str, object] = {"vhosts": [{"name": vhost}], **topology.definitions(vhost)}
    definitions |= policy_definitions(policies_of(topology, prefix), vhost)
    if users:
        parts = users_of(consumers, prefix)
        definitions |= access_definitions(parts, vhost, _hashes(passwords, [user.role for user in parts]))
    elif passwords is not None:
        fail("--passwords is for --users")
    text = orjson.dumps(definitions, option=orjson.OPT_INDENT_2)
    if to is None:
        typer.echo(text.decode())
    else:
        to.write_bytes(text + b"\n")


def _hashes(folder: Path | None, roles: list[str]) -> dict[str, str]:
    """The hash of each password that is in the folder, by role."""
    from sidecar.broker_access import password_hash

    if folder is None:
        return {}
    found = {}
    try:
        # Kubernetes keeps what it mounts in folders whose names begin with a dot.
        for name in sorted(file.name for file in folder.iterdir() if not file.name.startswith(".")):
            if name not in roles:
                fail(f"--passwords: {name} is no user of ours: {', '.join(roles)}")
            password = (folder / name).read_text(encoding="utf-8").strip()
            if not password:
                fail(f"--passwords: {name} is empty")
            found[name] = password_hash(password)
    except OSError as error:
        fail(f"--passwords: cannot read {error.filename}: {error.strerror}")
    return found
