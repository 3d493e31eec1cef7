"""Puts the commands together."""

import logging

import typer

from sidecar.cli import (
    bridge,
    customers,
    demo,
    dlq,
    doctor,
    events,
    healthcheck,
    migrate,
    order,
    prune,
    reconcile,
    run,
    sandbox,
    status,
    support_bundle,
    timers,
    topology,
)

app = typer.Typer(
    name="sidecar",
    help="Takes the order that Magento placed, gets it paid with Stripe and keeps both in step.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command("run")(run.run)
app.command("bridge")(bridge.bridge)
app.command("timers")(timers.timers)
app.command("migrate")(migrate.migrate)
app.command("prune")(prune.prune)
app.add_typer(topology.app, name="topology")
app.add_typer(events.app, name="events")
app.add_typer(order.app, name="order")
app.add_typer(customers.app, name="customers")
app.add_typer(reconcile.app, name="reconcile")
app.add_typer(dlq.app, name="dlq")
app.command("status")(status.status)
app.command("doctor")(doctor.doctor)
app.command("support-bundle")(support_bundle.support_bundle)
app.command("healthcheck")(healthcheck.healthcheck)
app.add_typer(sandbox.app, name="sandbox")
app.command("demo")(demo.demo)


def main() -> None:
    """The entry point of `sidecar`."""
    for name in ("aio_pika", "aiormq"):
        # They report each failed connection by themselves; a command says it once, in its own words.
        logging.getLogger(name).setLevel(logging.CRITICAL)
    app()
