"""Reads the settings and says in one line each what is wrong with them."""

import os
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from sidecar.settings.credentials import CREDENTIALS, Process
from sidecar.settings.settings import ENV_DELIMITER, ENV_PREFIX, Settings

CONFIG = "SIDECAR_CONFIG"
"""Names the file, unless `--config` does."""

NOT_SETTINGS = (CONFIG, "SIDECAR_CRASH_AT", "SIDECAR_TEST_", "SIDECAR_SERVICES")
"""Variables with our prefix that steer the process or its tests."""


class SettingsError(Exception):
    """The settings were refused; the message has one line for each thing that is wrong, with its name."""


def load_settings(
    path: Path | None = None, environ: Mapping[str, str] | None = None, process: Process | None = None
) -> Settings:
    """Read the file and the environment.

    Args:
        path: a TOML file; without it, the one that `SIDECAR_CONFIG` names, if any.
        environ: for tests; by default the process's own.
        process: whose settings they are: only its credentials are read. Without it, all are.

    Raises:
        SettingsError: a setting is missing, unknown, contradictory or of the wrong kind.
    """
    environ = os.environ if environ is None else environ
    if path is None and environ.get(CONFIG):
        path = Path(environ[CONFIG])
    problems = _unknown_variables(environ)
    if problems:
        raise SettingsError("\n".join(problems))
    try:
        return _settings_of(process)(**_read(path))
    except ValidationError as error:
        raise SettingsError("\n".join(_line(each, path) for each in error.errors(include_input=False))) from None


@cache
def _settings_of(process: Process | None) -> type[Settings]:
    if process is None:
        return Settings

    credentials = CREDENTIALS[process]

    class Scoped(Settings):
        reads = credentials

    return Scoped


def _read(path: Path | None) -> dict[str, Any]:
    if path is None:
        return {}
    try:
        with path.open("rb") as file:
            return tomllib.load(file)
    except OSError as error:
        raise SettingsError(f"cannot read {path}: {error.strerror}") from None
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{path} is not TOML: {error}") from None


def _unknown_variables(environ: Mapping[str, str]) -> list[str]:
    known = {f"{ENV_PREFIX}{name.upper()}" for name in Settings.model_fields}
    return [
        f"{name}: no such setting (known: {', '.join(sorted(known))})"
        for name in sorted(environ)
        if name.startswith(ENV_PREFIX)
        and not name.startswith(NOT_SETTINGS)
        and name.split(ENV_DELIMITER, 1)[0] not in known
    ]


def _line(error: Mapping[str, object], path: Path | None) -> str:
    location = error["loc"]
    where = ".".join(str(part) for part in location) if isinstance(location, tuple) else ""
    message = str(error["msg"]).removeprefix("Value error, ")
    if error["type"] == "missing":
        variable = ENV_PREFIX + ENV_DELIMITER.join(where.split(".")).upper()
        message = f"is missing: set it in {path or 'a file named by SIDECAR_CONFIG'} or as {variable}"
    elif error["type"] == "extra_forbidden":
        message = "no such setting"
    return f"{where}: {message}" if where else message
