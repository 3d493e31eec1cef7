"""`sidecar migrate`: bring the store up to this release."""

from sidecar.cli.command import ConfigOption, JsonOption, fail, print_json, run_async, settings_or_fail
from sidecar.cli.console import err, out


def migrate(config: ConfigOption = None, *, as_json: JsonOption = False) -> None:
    """Bring the sidecar's database up to what this release needs.

    Safe to run while the release before is still working, and safe to repeat. A change that would keep others from
    writing is refused; one that has to wait for a transaction lets the others pass.

    Example: sidecar migrate --config /etc/sidecar/sidecar.toml
    """
    from sidecar.adapters.store_sql import MigrationError, MigrationStep, StoreUrlError
    from sidecar.adapters.store_sql import migrate as apply

    settings = settings_or_fail(config, "migrate")

    def say(step: MigrationStep) -> None:
        if step.gave_way:
            err.print(f"{step.name}: statement {step.done + 1} waits for a transaction that holds its table")
        else:
            err.print(f"{step.name}: statement {step.done} of {step.statements}", highlight=False)

    try:
        applied = run_async(apply(settings.store.url.get_secret_value(), on_step=say))
    except (MigrationError, StoreUrlError) as error:
        fail(str(error))
    if as_json:
        print_json({"applied": applied})
    else:
        out.print(f"applied {', '.join(applied)}" if applied else "nothing to do: the store is up to date")
