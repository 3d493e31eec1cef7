"""`sidecar demo`: the main job, end to end, over the stand-ins."""

from typing import Annotated

import typer

from sidecar.cli.command import JsonOption, run_async


def demo(
    *,
    as_json: JsonOption = False,
    broker_url: Annotated[
        str, typer.Option(envvar="SIDECAR_TEST_BROKER_URL", help="A RabbitMQ.")
    ] = "amqp://guest:guest@127.0.0.1:5672/",
    store_url: Annotated[
        str,
        typer.Option(envvar="SIDECAR_TEST_STORE_URL", help="A MySQL or MariaDB server on which databases may be made."),
    ] = "mysql://root@127.0.0.1:3306/",
    keep: Annotated[bool, typer.Option("--keep", help="Leave everything running at the end, to look around.")] = False,
) -> None:
    """Start everything, place 25 orders of different kinds, give some of the money back, and compare to the cent.

    Exits with 1 if anything disagrees. Queues and databases are the demo's own and removed at the end.

    Example: sidecar demo --json
    """
    from sidecar.sandbox.demo.show import show

    agreed = run_async(show(broker_url, store_url, as_json=as_json, keep=keep))
    if not agreed:
        raise typer.Exit(1)
