"""`sidecar dlq`: dead letters."""

import typer

from sidecar.cli.dlq import act, edit, look

app = typer.Typer(
    help="Dead letters: look at them, correct them, send them back, throw them away.", no_args_is_help=True
)
app.command("list")(look.list_)
app.command("show")(look.show)
app.command("export")(look.export)
app.command("edit")(edit.edit)
app.command("replay")(act.replay)
app.command("discard")(act.discard)
